#include <cstdlib>
#include <cstring>
#include <set>

#include "Compiler.h"
#include "Image.h"
#include "Settings.h"

/// The entry points of NVRTC: kernels are compiled for the host; both PTX and cubin are the simulator's image.

namespace {

/// As `nvrtc.h` numbers them.
enum Result { success = 0, outOfMemory = 1, invalidInput = 3, invalidProgram = 4, invalidOption = 5, compilation = 6 };

struct Program {
  simulator::Compilation compilation;
  std::string log, image;
};

std::set<Program *> programs;

/// True iff NVRTC knows the option of this name and the simulator need not.
bool isWithoutEffect(std::string name) {
  if (name.starts_with("--")) name.erase(0, 1);
  for (const char *known :
       {"-std", "-default-device", "-device-as-default-execution-space", "-lineinfo", "-generate-line-info", "-no-cache",
        "-w", "-disable-warnings", "-restrict", "-maxrregcount", "-ftz", "-prec-div", "-prec-sqrt", "-Werror",
        "-extra-device-vectorization", "-diag-suppress", "-display-error-number", "-no-display-error-number"})
    if (name == known) return true;
  return false;
}

/// The options that change what is compiled, as the host compiler understands them; the others must be known ones.
/// Without `--fmad=false` products and sums may be fused, as NVRTC does.
bool translate(const std::vector<std::string> &given, std::vector<std::string> &options, std::string &log) {
  bool fused = true;
  int architecture = simulator::settings().architecture;
  for (const std::string &option : given) {
    std::string name = option.substr(0, option.find('='));
    std::string value = name.size() < option.size() ? option.substr(name.size() + 1) : "";
    if (name == "-fmad" || name == "--fmad") {
      fused = value != "false";
    } else if (name == "-arch" || name == "--gpu-architecture") {
      architecture = atoi(value.c_str() + strcspn(value.c_str(), "0123456789"));
    } else if (name.starts_with("-D") || name.starts_with("-U")) {
      options.push_back(option);
    } else if (name.starts_with("--define-macro")) {
      options.push_back("-D" + value);
    } else if (!isWithoutEffect(name)) {
      log += "nvrtc: error: unrecognized option " + option + " found\n";
      return false;
    }
  }
  options.push_back("-D__CUDA_ARCH__=" + std::to_string(architecture) + "0");
  options.push_back("-D__CUDACC__=1");
  options.push_back("-D__CUDACC_RTC__=1");
  options.push_back(fused ? "-ffp-contract=fast" : "-ffp-contract=off");
  return true;
}

}  // namespace

extern "C" {

/// A version that no NVRTC has, so that no cache takes images of the one for those of the other.
int nvrtcVersion(int *major, int *minor) {
  *major = simulator::settings().driver / 1000;
  *minor = 999;
  return success;
}

int nvrtcGetNumSupportedArchs(int *count) {
  *count = 1;
  return success;
}

int nvrtcGetSupportedArchs(int *architectures) {
  *architectures = simulator::settings().architecture;
  return success;
}

const char *nvrtcGetErrorString(int result) {
  switch (result) {
    case success: return "NVRTC_SUCCESS";
    case outOfMemory: return "NVRTC_ERROR_OUT_OF_MEMORY";
    case invalidInput: return "NVRTC_ERROR_INVALID_INPUT";
    case invalidProgram: return "NVRTC_ERROR_INVALID_PROGRAM";
    case invalidOption: return "NVRTC_ERROR_INVALID_OPTION";
    case compilation: return "NVRTC_ERROR_COMPILATION";
    default: return "NVRTC_ERROR unknown";
  }
}

int nvrtcCreateProgram(
    Program **program, const char *source, const char *name, int headerCount, const char *const *headers,
    const char *const *headerNames) {
  if (int code = simulator::injectedFailure("nvrtcCreateProgram")) return code;
  if (!program || !source) return invalidInput;
  auto *made = new Program;
  made->compilation.name = name && *name && !strchr(name, '/') ? name : "default_program";
  made->compilation.source = simulator::settings().source.empty() ? source : simulator::read(simulator::settings().source);
  for (int i = 0; i < headerCount; i++) made->compilation.headers.push_back({headerNames[i], headers[i]});
  programs.insert(made);
  *program = made;
  return success;
}

int nvrtcDestroyProgram(Program **program) {
  if (!program || programs.erase(*program) == 0) return invalidProgram;
  delete *program;
  *program = nullptr;
  return success;
}

int nvrtcCompileProgram(Program *program, int count, const char *const *given) {
  if (int code = simulator::injectedFailure("nvrtcCompileProgram")) return code;
  if (!programs.contains(program)) return invalidProgram;
  program->log.clear();
  program->compilation.options.clear();
  if (!translate({given, given + count}, program->compilation.options, program->log)) return invalidOption;
  if (simulator::compile(program->compilation, program->log).empty()) return compilation;
  program->image = simulator::Image::write(program->compilation);
  return success;
}

static int size(Program *program, std::string Program::*text, size_t *result) {
  if (!programs.contains(program)) return invalidProgram;
  *result = (program->*text).size() + 1;
  return success;
}

static int copy(Program *program, std::string Program::*text, char *result) {
  if (!programs.contains(program)) return invalidProgram;
  memcpy(result, (program->*text).c_str(), (program->*text).size() + 1);
  return success;
}

int nvrtcGetPTXSize(Program *program, size_t *result) { return size(program, &Program::image, result); }
int nvrtcGetPTX(Program *program, char *result) { return copy(program, &Program::image, result); }
int nvrtcGetCUBINSize(Program *program, size_t *result) { return size(program, &Program::image, result); }
int nvrtcGetCUBIN(Program *program, char *result) { return copy(program, &Program::image, result); }
int nvrtcGetProgramLogSize(Program *program, size_t *result) { return size(program, &Program::log, result); }
int nvrtcGetProgramLog(Program *program, char *result) { return copy(program, &Program::log, result); }
}
