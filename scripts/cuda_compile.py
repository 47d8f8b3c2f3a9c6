"""Compiles the CUDA kernels with several NVRTCs for several architectures, and checks what ptxas says of them.

    cuda_compile.py FOLDER... -- SM...

A folder holds one NVRTC. Prints a line for each pair; exits with 1 if there is a warning, an error, a spill, or a kernel that
takes more than a block may have.
"""

import ctypes
import glob
import os
import re
import sys

KERNELS = "Sources/CUDAKernels/kernels"

# What they share with the kernels of the processor.
NUMERICS = "Sources/CKernels/numerics"

# What a block of any architecture may have.
SHARED_LIMIT = 48 * 1024
REGISTER_LIMIT = 65536

# The most threads that a block has in a launch, in one of the kernels that start with these names, and half as many in these
# tiles.
THREADS = 512
TILE_THREADS = 256
TILE_KERNELS = ("cgad_cuda_gemm", "cgad_cuda_conv", "cgad_cuda_attention")
HALF_TILES = ("gemm_large", "_medium", "_narrow")

# The options of the backend, which are in Sources/CUDABackend/Compiler.swift.
OPTIONS = ["--std=c++17", "--fmad=false", "--generate-line-info"]


def source():
    """Returns the text that the program embeds: the files that kernels.cu includes, in order."""
    with open(os.path.join(KERNELS, "kernels.cu")) as f:
        names = [os.path.normpath(f"{KERNELS}/{n}") for n in re.findall(r'#include "(.*?)"', f.read())]
    with open("Sources/CUDAKernels/source.c") as f:
        embedded = [os.path.normpath("Sources/CUDAKernels/" + n) for n in re.findall(r'#embed "(.*?)"', f.read())]
    present = sorted(glob.glob(f"{KERNELS}/*.cuh") + glob.glob(f"{NUMERICS}/*.h"))
    if names != embedded or sorted(names) != present:
        sys.exit(f"kernels.cu includes {names}, source.c embeds {embedded}, and there are {present}")
    return "".join(open(n).read() for n in names)


def compiled(nvrtc, text, architecture):
    """Returns whether `text` compiles, and the compilers' log."""
    program = ctypes.c_void_p()
    nvrtc.nvrtcCreateProgram(ctypes.byref(program), text.encode(), b"kernels.cu", 0, None, None)
    options = OPTIONS + [f"--gpu-architecture=sm_{architecture}", "--ptxas-options=-v"]
    array = (ctypes.c_char_p * len(options))(*[o.encode() for o in options])
    status = nvrtc.nvrtcCompileProgram(program, len(options), array)
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
    return status == 0, log.value.decode()


def resources(log):
    """Yields name, registers, bytes of shared memory and bytes of spills of each kernel."""
    for part in log.split("Compiling entry function '")[1:]:
        name = part.split("'")[0]
        registers = int(re.search(r"Used (\d+) registers", part).group(1))
        shared = re.search(r"(\d+) bytes smem", part)
        spills = re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", part)
        yield name, registers, int(shared.group(1)) if shared else 0, int(spills.group(1)) + int(spills.group(2))


def check(nvrtc, version, text, architecture):
    """Prints a line and returns the number of complaints."""
    succeeded, log = compiled(nvrtc, text, architecture)
    complaints = [line for line in log.splitlines() if "warning" in line or "error" in line]
    if not succeeded and not complaints:
        complaints = [f"the compiler failed: {log[:200]}"]
    all_kernels = list(resources(log)) if succeeded else []
    for name, registers, shared, spilled in all_kernels:
        if spilled:
            complaints.append(f"{name} spills {spilled} bytes")
        if shared > SHARED_LIMIT:
            complaints.append(f"{name} takes {shared} bytes of shared memory of {SHARED_LIMIT}")
        threads = TILE_THREADS if name.startswith(TILE_KERNELS) else THREADS
        if any(tile in name for tile in HALF_TILES):
            threads = TILE_THREADS // 2
        if registers * threads > REGISTER_LIMIT:
            complaints.append(f"{name} takes {registers} registers, too many for {threads} threads")
    most = max((k[1] for k in all_kernels), default=0)
    shared = max((k[2] for k in all_kernels), default=0)
    print(
        f"NVRTC {version}  sm_{architecture:<4} {len(all_kernels)} kernels, at most {most} registers and"
        f" {shared} bytes of shared memory: {'ok' if not complaints else f'{len(complaints)} complaints'}",
        flush=True)
    for c in complaints:
        print(f"  {c}")
    return len(complaints)


def main():
    """Checks all pairs."""
    at = sys.argv.index("--")
    text, complaints = source(), 0
    for folder in sys.argv[1:at]:
        libraries = glob.glob(os.path.join(folder, "nvidia", "**", "libnvrtc.so.*"), recursive=True)
        for builtins in glob.glob(os.path.join(folder, "nvidia", "**", "libnvrtc-builtins.so.*"), recursive=True):
            ctypes.CDLL(builtins, mode=ctypes.RTLD_GLOBAL)
        nvrtc = ctypes.CDLL(libraries[0])
        major, minor = ctypes.c_int(), ctypes.c_int()
        nvrtc.nvrtcVersion(ctypes.byref(major), ctypes.byref(minor))
        for architecture in sys.argv[at + 1 :]:
            complaints += check(nvrtc, f"{major.value}.{minor.value}", text, architecture)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
