#include <dlfcn.h>
#include <stdio.h>

#include "cgad_cublaslt.h"
#include "cgad_cuda.h"

static _Thread_local char problem[256];

/// Opens the library at `path`; sets `problem` and returns `NULL` if the loader cannot.
static void *open_library(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *why = dlerror();
    snprintf(problem, sizeof problem, "%s", why ? why : "cannot be opened");
  }
  return library;
}

/// Returns the function called `name`, or sets `problem` and returns `NULL`.
static void *function(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found) snprintf(problem, sizeof problem, "lacks %s", name);
  return found;
}

#define FIND(result, name, parameters)                             \
  if (!((found.name) = (result(*) parameters)function(library, #name))) { \
    dlclose(library);                                              \
    return problem;                                                \
  }

const char *cgad_cuda_open_driver(const char *path, cgad_cuda_driver *driver) {
  void *library = open_library(path);
  if (!library) return problem;
  cgad_cuda_driver found;
  CGAD_CUDA_DRIVER(FIND)
  *driver = found;
  return NULL;
}

const char *cgad_cuda_open_compiler(const char *path, cgad_cuda_compiler *compiler) {
  void *library = open_library(path);
  if (!library) return problem;
  cgad_cuda_compiler found;
  CGAD_CUDA_COMPILER(FIND)
  *compiler = found;
  return NULL;
}

const char *cgad_cuda_open_cublaslt(const char *path, cgad_cublaslt *functions) {
  void *library = open_library(path);
  if (!library) return problem;
  cgad_cublaslt found;
  CGAD_CUDA_CUBLASLT(FIND)
  *functions = found;
  return NULL;
}
