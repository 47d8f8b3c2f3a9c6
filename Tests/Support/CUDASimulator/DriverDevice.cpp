#include <cstring>

#include "Simulation.h"
#include "cgad_simulator.h"

/// The driver's functions for the device and its context.

using simulator::call;
using simulator::Needs;
using simulator::Simulation;

namespace {

/// Attributes of an H100 by number; those that are not here are 0.
int attribute(int number) {
  switch (number) {
    case 1: return 1024;         // threads of a block
    case 2: case 3: return 1024; // extents of a block
    case 4: return 64;
    case 5: return 2147483647;   // extents of a grid
    case 6: case 7: return 65535;
    case 8: return 48 << 10;     // shared memory of a block in bytes
    case 9: return 64 << 10;     // constant memory in bytes
    case 10: return 32;          // lanes of a warp
    case 12: return 65536;       // registers of a block
    case 13: return 1980000;     // clock in kHz
    case 14: return 512;         // alignment of textures in bytes
    case 16: return 132;         // multiprocessors
    case 31: return 1;           // kernels at the same time
    case 36: return 2619000;     // clock of the memory in kHz
    case 37: return 5120;        // width of the memory's bus in bits
    case 38: return 50 << 20;    // second-level cache in bytes
    case 39: return 2048;        // threads of a multiprocessor
    case 40: return 3;           // engines for copies
    case 41: return 1;           // one address space with the host
    case 75: return simulator::settings().architecture / 10;
    case 76: return simulator::settings().architecture % 10;
    case 81: return 228 << 10;   // shared memory of a multiprocessor in bytes
    case 82: return 65536;       // registers of a multiprocessor
    case 97: return simulator::Grid::maximumShared;  // shared memory of a block, if asked for
    case 106: return 32;         // blocks of a multiprocessor
    default: return 0;
  }
}

int onDevice(int device, int code = simulator::codeSuccess) {
  return device == 0 ? code : simulator::codeInvalidDevice;
}

}  // namespace

extern "C" {

int cuInit(unsigned) {
  return call("cuInit", Needs::nothing, [](Simulation &s) {
    s.initialized = true;
    return simulator::codeSuccess;
  });
}

int cuDriverGetVersion(int *version) {
  return call("cuDriverGetVersion", Needs::nothing, [&](Simulation &) {
    *version = simulator::settings().driver;
    return simulator::codeSuccess;
  });
}

int cuGetErrorName(int code, const char **name) {
  *name = simulator::codeName(code);
  return *name ? simulator::codeSuccess : simulator::codeInvalidValue;
}

int cuGetErrorString(int code, const char **text) {
  *text = simulator::codeText(code);
  return *text ? simulator::codeSuccess : simulator::codeInvalidValue;
}

int cuDeviceGetCount(int *count) {
  return call("cuDeviceGetCount", Needs::initialization, [&](Simulation &) {
    *count = 1;
    return simulator::codeSuccess;
  });
}

int cuDeviceGet(int *device, int ordinal) {
  return call("cuDeviceGet", Needs::initialization, [&](Simulation &) {
    *device = 0;
    return onDevice(ordinal);
  });
}

int cuDeviceGetName(char *name, int size, int device) {
  return call("cuDeviceGetName", Needs::initialization, [&](Simulation &) {
    strncpy(name, "CUDA simulator", size_t(size));
    name[size - 1] = 0;
    return onDevice(device);
  });
}

int cuDeviceGetUuid_v2(void *uuid, int device) {
  return call("cuDeviceGetUuid_v2", Needs::initialization, [&](Simulation &) {
    memcpy(uuid, "cgad simulator\0", 16);
    return onDevice(device);
  });
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  return call("cuDeviceTotalMem_v2", Needs::initialization, [&](Simulation &s) {
    *bytes = s.heap.capacity;
    return onDevice(device);
  });
}

int cuDeviceGetAttribute(int *value, int number, int device) {
  return call("cuDeviceGetAttribute", Needs::initialization, [&](Simulation &) {
    *value = attribute(number);
    return onDevice(device);
  });
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
  return call("cuDevicePrimaryCtxRetain", Needs::initialization, [&](Simulation &s) {
    if (device != 0) return simulator::codeInvalidDevice;
    s.retained++;
    *context = &s;
    return simulator::codeSuccess;
  });
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  return call("cuDevicePrimaryCtxRelease_v2", Needs::initialization, [&](Simulation &s) {
    if (device != 0) return simulator::codeInvalidDevice;
    if (s.retained == 0) return simulator::codeInvalidContext;
    if (--s.retained > 0) return simulator::codeSuccess;
    s.queue.waitForAll();
    simulator::clearStickyError();
    return simulator::codeSuccess;
  });
}

int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) {
  return call("cuDevicePrimaryCtxGetState", Needs::initialization, [&](Simulation &s) {
    *flags = 0;
    *active = s.retained > 0;
    return onDevice(device);
  });
}

int cuCtxSetCurrent(void *context) {
  return call("cuCtxSetCurrent", Needs::initialization, [&](Simulation &s) {
    if (context && (context != &s || s.retained == 0)) return simulator::codeInvalidContext;
    simulator::currentContext = context;
    return simulator::codeSuccess;
  });
}

int cuCtxGetCurrent(void **context) {
  return call("cuCtxGetCurrent", Needs::initialization, [&](Simulation &) {
    *context = simulator::currentContext;
    return simulator::codeSuccess;
  });
}

int cuCtxGetDevice(int *device) {
  return call("cuCtxGetDevice", Needs::context, [&](Simulation &) {
    *device = 0;
    return simulator::codeSuccess;
  });
}

int cuCtxSynchronize() {
  return call("cuCtxSynchronize", Needs::context, [](Simulation &s) {
    if (int code = s.streams.prohibitedByCapture()) return code;
    s.queue.waitForAll();
    return simulator::stickyError();
  });
}

const char *cgadSimReport(void) { return simulator::firstViolation().c_str(); }
}
