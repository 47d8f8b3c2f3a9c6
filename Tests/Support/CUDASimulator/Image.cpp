#include "Image.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Codes.h"
#include "Violation.h"

namespace simulator {

namespace {

constexpr const char *magic = "// kernels for the CUDA simulator\n";

/// Why `data`, which is no image of the simulator, is none for it: a cubin, PTX, or something else.
int refuse(const char *data, std::string &problem) {
  if (memcmp(data, "\177ELF", 4) == 0 || memcmp(data, "\x50\xed\x55\xba", 4) == 0) {
    problem = "the simulator runs no cubin and no fat binary";
    return codeNoBinaryForDevice;
  }
  const char *version = strstr(data, ".version");
  int major = 0;
  if (!version || sscanf(version, ".version %d", &major) != 1) {
    problem = "neither PTX nor an image of the simulator";
    return codeInvalidImage;
  }
  problem = format("the simulator runs no PTX (version %d)", major);
  return major > 9 ? codeUnsupportedPTXVersion : codeInvalidPTX;
}

/// Reads what `write` has written behind the first line: parts, each after a line with its size.
Compilation parse(const char *text) {
  std::vector<std::string> parts;
  while (*text) {
    char *begin;
    size_t size = strtoull(text, &begin, 10);
    parts.emplace_back(begin + 1, size);
    text = begin + 1 + size + 1;
  }
  Compilation compilation{parts[0], parts[1], {}, {}};
  for (size_t i = 2; i < parts.size(); i++) {
    std::string content = parts[i].substr(1);
    size_t line = content.find('\n');
    if (parts[i][0] == 'o')
      compilation.options.push_back(content);
    else
      compilation.headers.push_back({content.substr(0, line), content.substr(line + 1)});
  }
  return compilation;
}

}  // namespace

std::string Image::write(const Compilation &compilation) {
  std::string text = magic;
  auto append = [&](const std::string &part) { text += std::to_string(part.size()) + "\n" + part + "\n"; };
  append(compilation.name);
  append(compilation.source);
  for (const std::string &option : compilation.options) append("o" + option);
  for (auto &[name, header] : compilation.headers) append("h" + name + "\n" + header);
  return text;
}

Image *Image::load(const void *data, int &code, std::string &problem) {
  auto *text = static_cast<const char *>(data);
  if (strncmp(text, magic, strlen(magic)) != 0) {
    code = refuse(text, problem);
    return nullptr;
  }
  std::string path = compile(parse(text + strlen(magic)), problem);
  void *library = path.empty() ? nullptr : dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library && !path.empty()) problem = dlerror();
  auto *table = library ? static_cast<const CGADKernelTable *>(dlsym(library, "cgad_kernel_table")) : nullptr;
  if (!table) {
    code = codeSharedObjectInitFailed;
    return nullptr;
  }
  auto *image = new Image;
  for (size_t i = 0; i < table->count; i++)
    image->functions[table->kernels[i].name] = std::make_unique<Function>(Function{&table->kernels[i], table});
  return image;
}

Function *Image::find(const std::string &name) {
  auto found = functions.find(name);
  return found == functions.end() ? nullptr : found->second.get();
}

}  // namespace simulator
