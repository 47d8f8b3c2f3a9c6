#pragma once

/// Appended to the kernels' text: their table. `CGAD_KERNELS(X)` applies `X` to the name of each kernel.

/// Expanded text has no definitions left.
#define CGAD_UNOBSERVED __attribute__((no_sanitize("thread"), noinline))

template <typename T, T... values>
struct CGADIndices {};

template <auto kernel, typename>
struct CGADEntry;

template <typename... Parameters, void (*kernel)(Parameters...)>
struct CGADEntry<kernel, void (*)(Parameters...)> {
  static constexpr unsigned sizes[] = {sizeof(Parameters)..., 0};

  template <unsigned... i>
  CGAD_UNOBSERVED static void callWith(void *const *arguments, CGADIndices<unsigned, i...>) {
    kernel(*static_cast<Parameters *>(arguments[i])...);
  }
  CGAD_UNOBSERVED static void call(void *const *arguments) {
    callWith(arguments, __make_integer_seq<CGADIndices, unsigned, sizeof...(Parameters)>{});
  }
  static constexpr CGADKernel describe(const char *name) { return {name, call, sizeof...(Parameters), sizes}; }
};

/// So that the section of static shared memory is never missing.
static __attribute__((section("cgad_shared"), used)) char cgad_no_shared_memory[16];

extern "C" {
extern char __start_cgad_shared[] __attribute__((visibility("hidden")));
extern char __stop_cgad_shared[] __attribute__((visibility("hidden")));
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

#define CGAD_ENTRY(name) CGADEntry<name, decltype(&name)>::describe(#name),
static const CGADKernel cgad_kernels[] = {CGAD_KERNELS(CGAD_ENTRY){nullptr, nullptr, 0, nullptr}};
extern const CGADKernelTable cgad_kernel_table = {
    cgad_kernels, sizeof cgad_kernels / sizeof cgad_kernels[0] - 1,
    __start_cgad_shared, __stop_cgad_shared, __ehdr_start, _end};
}
