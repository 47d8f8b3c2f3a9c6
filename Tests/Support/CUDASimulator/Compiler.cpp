#include "Compiler.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "Settings.h"
#include "Violation.h"
#include "simt/files.h"

extern char **environ;

namespace simulator {

namespace {

/// FNV-1a, 64 bits.
uint64_t digest(uint64_t state, const std::string &text) {
  for (unsigned char c : text) state = (state ^ c) * 0x100000001b3;
  return (state ^ 0xff) * 0x100000001b3;
}

void write(const std::string &path, const std::string &text) { std::ofstream(path, std::ios::binary) << text; }

/// Runs a command; its output is appended to `log`.
bool run(const std::vector<std::string> &command, const std::string &output, std::string &log) {
  std::vector<char *> arguments;
  for (const std::string &argument : command) arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child;
  int failure = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    log += format("%s: %s\n", arguments[0], strerror(failure));
    return false;
  }
  int status = 0;
  waitpid(child, &status, 0);
  log += read(output);
  return status == 0;
}

/// The path of the library that holds this function: kernels are linked with it.
std::string simulatorPath() {
  Dl_info info;
  dladdr(reinterpret_cast<void *>(&simulatorPath), &info);
  char *path = realpath(info.dli_fname, nullptr);
  std::string result = path;
  free(path);
  return result;
}

std::vector<std::string> words(const std::string &text) {
  std::istringstream stream(text);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

std::vector<std::string> options(const Compilation &compilation) {
  std::vector<std::string> result = {"-std=c++20", "-O2", "-fPIC", "-fdeclspec", "-w"};
  if (settings().checks)
    for (const char *option :
         {"-fsanitize=thread", "-mllvm", "-tsan-instrument-func-entry-exit=0", "-fno-vectorize", "-fno-slp-vectorize"})
      result.push_back(option);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("fma")) result.push_back("-mfma");  // `fmaf` in one instruction, with the same bits
#endif
  for (const std::string &option : compilation.options) result.push_back(option);
  for (const std::string &option : words(settings().options)) result.push_back(option);
  return result;
}

/// Compiles in `folder`, which has all files; `library` is written last, so that it is complete if it is there.
bool build(const Compilation &compilation, const std::string &folder, const std::string &library, std::string &log) {
  for (size_t i = 0; i < cgad_simt_file_count; i++) {
    auto &file = cgad_simt_files[i];
    write(folder + "/" + file.name, std::string(reinterpret_cast<const char *>(file.text), file.size));
  }
  for (auto &[name, text] : compilation.headers) write(folder + "/" + name, text);
  std::string source = folder + "/" + compilation.name;
  write(source, "#include \"simt.h\"\n#line 1 \"" + compilation.name + "\"\n" + compilation.source);
  std::string expanded = folder + "/expanded.cpp", output = folder + "/output";
  std::vector<std::string> command = {settings().compiler};
  for (const std::string &option : options(compilation)) command.push_back(option);
  command.push_back("-I" + folder);
  std::vector<std::string> expand = command;
  expand.insert(expand.end(), {"-E", "-xc++", source, "-o" + expanded});
  if (!run(expand, output, log)) return false;
  std::string text = read(expanded), names;
  for (const std::string &name : kernelNames(text)) names += " X(" + name + ")";
  write(
      expanded,
      "#define __global__ __attribute__((visibility(\"default\")))\n"
      "#define __align__(n) __attribute__((aligned(n)))\n"
      "#define __shared__ static __attribute__((section(\"cgad_shared\"), used))\n" +
          withDynamicShared(text) + "\n#define CGAD_KERNELS(X)" + names + "\n#include \"register.h\"\n");
  std::string object = folder + "/kernels.o", linked = folder + "/kernels.so";
  command.insert(command.end(), {"-c", expanded, "-o" + object});
  if (!run(command, output, log)) return false;
  if (!run({settings().compiler, "-shared", object, simulatorPath(), "-o" + linked}, output, log)) return false;
  return rename(linked.c_str(), library.c_str()) == 0;
}

}  // namespace

std::string compile(const Compilation &compilation, std::string &log) {
  uint64_t key = digest(0xcbf29ce484222325, simulatorPath());
  struct stat simulator {};
  stat(simulatorPath().c_str(), &simulator);
  key = digest(key, settings().compiler + std::to_string(simulator.st_size));
  for (const std::string &option : options(compilation)) key = digest(key, option);
  for (size_t i = 0; i < cgad_simt_file_count; i++)
    key = digest(key, std::string(reinterpret_cast<const char *>(cgad_simt_files[i].text), cgad_simt_files[i].size));
  for (auto &[name, text] : compilation.headers) key = digest(digest(key, name), text);
  key = digest(digest(key, compilation.name), compilation.source);
  std::string folder = settings().cache + "/" + format("%016llx", static_cast<unsigned long long>(key));
  mkdir(settings().cache.c_str(), 0700);
  mkdir(folder.c_str(), 0700);
  std::string library = folder + "/library.so";
  int lock = open((folder + "/lock").c_str(), O_RDWR | O_CREAT, 0600);
  flock(lock, LOCK_EX);
  bool there = access(library.c_str(), R_OK) == 0 || build(compilation, folder, library, log);
  close(lock);
  return there ? library : "";
}

}  // namespace simulator
