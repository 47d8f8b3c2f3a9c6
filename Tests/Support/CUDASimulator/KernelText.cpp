#include <cctype>

#include "Compiler.h"

namespace simulator {

namespace {

bool isWord(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Reads words and single characters of an expanded text; skips line markers and literals.
struct Scanner {
  const std::string &text;
  size_t at = 0;

  /// The next word or character, or an empty string at the end.
  std::string next() {
    skip();
    if (at >= text.size()) return "";
    size_t begin = at++;
    if (text[begin] == '"' || text[begin] == '\'') {
      while (at < text.size() && text[at] != text[begin]) at += text[at] == '\\' ? 2 : 1;
      at++;
    } else if (isWord(text[begin])) {
      while (at < text.size() && isWord(text[at])) at++;
    }
    return text.substr(begin, at - begin);
  }

 private:
  void skip() {
    while (at < text.size()) {
      bool lineBegins = at == 0 || text[at - 1] == '\n';
      if (lineBegins && text[at] == '#')
        at = text.find('\n', at);
      else if (isspace(static_cast<unsigned char>(text[at])))
        at++;
      else
        return;
      if (at == std::string::npos) at = text.size();
    }
  }
};

}  // namespace

std::vector<std::string> kernelNames(const std::string &expanded) {
  std::vector<std::string> names;
  Scanner scanner{expanded};
  bool inKernel = false;
  std::string last;
  for (std::string token = scanner.next(); !token.empty(); token = scanner.next()) {
    if (token == "__global__") {
      inKernel = true;
    } else if (inKernel && token == "(") {
      names.push_back(last);
      inKernel = false;
    }
    last = token;
  }
  return names;
}

std::string withDynamicShared(const std::string &expanded) {
  std::string result;
  Scanner scanner{expanded};
  size_t copied = 0;
  bool afterExtern = false;
  for (std::string token = scanner.next(); !token.empty(); token = scanner.next()) {
    if (afterExtern && token == "__shared__") {
      size_t begin = expanded.rfind("extern", scanner.at), end = expanded.find(';', scanner.at);
      std::string declaration = expanded.substr(scanner.at, expanded.find('[', scanner.at) - scanner.at);
      while (!declaration.empty() && !isWord(declaration.back())) declaration.pop_back();
      size_t name = declaration.size();
      while (name > 0 && isWord(declaration[name - 1])) name--;
      std::string type = declaration.substr(0, name);
      if (size_t aligned = type.find("__align__"); aligned != std::string::npos)
        type.erase(aligned, type.find(')', aligned) + 1 - aligned);
      result += expanded.substr(copied, begin - copied) + type + "*const " + declaration.substr(name) + " = static_cast<" +
                type + "*>(cgad_simt_dynamic())";
      copied = scanner.at = end;
    }
    afterExtern = token == "extern";
  }
  return result + expanded.substr(copied);
}

}  // namespace simulator
