#include "Simulation.h"

/// The driver's functions for streams, events, captures and graphs.

using simulator::call;
using simulator::Event;
using simulator::ExecutableGraph;
using simulator::Graph;
using simulator::Needs;
using simulator::Simulation;
using simulator::Stream;

namespace {

constexpr unsigned nonBlocking = 1, disableTiming = 2;

/// The body of a call with a stream.
template <typename Body>
int withStream(const char *name, void *handle, const Body &body) {
  return call(name, Needs::context, [&](Simulation &s) {
    Stream *stream = s.streams.find(handle);
    return stream ? body(s, *stream) : int(simulator::codeInvalidHandle);
  });
}

/// The body of a call with an event.
template <typename Body>
int withEvent(const char *name, Event *event, const Body &body) {
  return call(name, Needs::context, [&](Simulation &s) {
    return s.events.contains(event) ? body(s, *event) : int(simulator::codeInvalidHandle);
  });
}

/// The code for waiting for a stream that captures.
int refuseWhileCapturing(Stream &stream) {
  if (!stream.capture) return simulator::codeSuccess;
  stream.capture->valid = false;
  return simulator::codeCaptureUnsupported;
}

int createStream(const char *name, void **handle, unsigned flags) {
  return call(name, Needs::context, [&](Simulation &s) {
    if (flags & ~nonBlocking) return simulator::codeInvalidValue;
    *handle = s.streams.create(!(flags & nonBlocking));
    return simulator::codeSuccess;
  });
}

int elapsed(const char *name, float *milliseconds, Event *start, Event *end) {
  return call(name, Needs::context, [&](Simulation &s) {
    for (Event *event : {start, end}) {
      if (!s.events.contains(event) || !event->timed || !event->recording) return simulator::codeInvalidHandle;
      if (event->capture) return simulator::codeCapturedEvent;
      if (!event->recording->done) return simulator::codeNotReady;
    }
    *milliseconds = float((end->recording->completion - start->recording->completion) * 1000);
    return simulator::codeSuccess;
  });
}

}  // namespace

extern "C" {

int cuStreamCreate(void **stream, unsigned flags) { return createStream("cuStreamCreate", stream, flags); }

int cuStreamCreateWithPriority(void **stream, unsigned flags, int) {
  return createStream("cuStreamCreateWithPriority", stream, flags);
}

int cuStreamDestroy_v2(void *handle) {
  return withStream("cuStreamDestroy_v2", handle, [&](Simulation &s, Stream &stream) {
    return s.streams.destroy(&stream) ? simulator::codeSuccess : simulator::codeInvalidHandle;
  });
}

int cuStreamSynchronize(void *handle) {
  return withStream("cuStreamSynchronize", handle, [&](Simulation &s, Stream &stream) {
    if (int code = refuseWhileCapturing(stream)) return code;
    return simulator::finish(s, stream.tail);
  });
}

int cuStreamQuery(void *handle) {
  return withStream("cuStreamQuery", handle, [&](Simulation &s, Stream &stream) {
    if (int code = refuseWhileCapturing(stream)) return code;
    s.queue.step();
    if (stream.tail && !stream.tail->done) return int(simulator::codeNotReady);
    return simulator::finish(s, stream.tail);
  });
}

int cuStreamWaitEvent(void *handle, Event *event, unsigned) {
  return withStream("cuStreamWaitEvent", handle, [&](Simulation &s, Stream &stream) {
    return s.events.contains(event) ? s.streams.waitFor(*event, stream) : simulator::codeInvalidHandle;
  });
}

int cuLaunchHostFunc(void *handle, void (*function)(void *), void *data) {
  return withStream("cuLaunchHostFunc", handle, [&](Simulation &s, Stream &stream) {
    return s.streams.submit(stream, "host function", [=](const simulator::Operation &) { function(data); });
  });
}

int cuEventCreate(Event **event, unsigned flags) {
  return call("cuEventCreate", Needs::context, [&](Simulation &s) {
    *event = new Event{!(flags & disableTiming), nullptr, nullptr, {}};
    s.events.insert(*event);
    return simulator::codeSuccess;
  });
}

int cuEventDestroy_v2(Event *event) {
  return withEvent("cuEventDestroy_v2", event, [&](Simulation &s, Event &) {
    s.events.erase(event);
    delete event;
    return simulator::codeSuccess;
  });
}

int cuEventRecord(Event *event, void *stream) {
  return withEvent("cuEventRecord", event, [&](Simulation &s, Event &found) {
    Stream *where = s.streams.find(stream);
    return where ? s.streams.record(found, *where) : simulator::codeInvalidHandle;
  });
}

int cuEventQuery(Event *event) {
  return withEvent("cuEventQuery", event, [](Simulation &s, Event &found) {
    if (found.capture) return int(simulator::codeCapturedEvent);
    s.queue.step();
    if (found.recording && !found.recording->done) return int(simulator::codeNotReady);
    return simulator::finish(s, found.recording);
  });
}

int cuEventSynchronize(Event *event) {
  return withEvent("cuEventSynchronize", event, [](Simulation &s, Event &found) {
    if (found.capture) return int(simulator::codeCapturedEvent);
    return simulator::finish(s, found.recording);
  });
}

int cuEventElapsedTime(float *milliseconds, Event *start, Event *end) {
  return elapsed("cuEventElapsedTime", milliseconds, start, end);
}

int cuEventElapsedTime_v2(float *milliseconds, Event *start, Event *end) {
  return elapsed("cuEventElapsedTime_v2", milliseconds, start, end);
}

int cuStreamBeginCapture_v2(void *handle, int mode) {
  return withStream("cuStreamBeginCapture_v2", handle, [&](Simulation &s, Stream &stream) {
    if (mode < 0 || mode > 2) return int(simulator::codeInvalidValue);
    return s.streams.beginCapture(stream, simulator::CaptureMode(mode));
  });
}

int cuStreamEndCapture(void *handle, Graph **graph) {
  return withStream("cuStreamEndCapture", handle, [&](Simulation &s, Stream &stream) {
    int code = s.streams.endCapture(stream, *graph);
    if (*graph) s.graphs.insert(*graph);
    return code;
  });
}

int cuStreamIsCapturing(void *handle, int *status) {
  return withStream("cuStreamIsCapturing", handle, [&](Simulation &, Stream &stream) {
    *status = !stream.capture ? 0 : stream.capture->valid ? 1 : 2;
    return simulator::codeSuccess;
  });
}

int cuThreadExchangeStreamCaptureMode(int *mode) {
  return call("cuThreadExchangeStreamCaptureMode", Needs::context, [&](Simulation &) {
    int previous = int(simulator::Streams::threadMode);
    simulator::Streams::threadMode = simulator::CaptureMode(*mode);
    *mode = previous;
    return simulator::codeSuccess;
  });
}

int cuGraphInstantiateWithFlags(ExecutableGraph **executable, Graph *graph, unsigned long long) {
  return call("cuGraphInstantiateWithFlags", Needs::context, [&](Simulation &s) {
    if (!s.graphs.contains(graph)) return simulator::codeInvalidValue;
    *executable = s.streams.instantiate(*graph);
    s.executables.insert(*executable);
    return simulator::codeSuccess;
  });
}

int cuGraphLaunch(ExecutableGraph *executable, void *handle) {
  return withStream("cuGraphLaunch", handle, [&](Simulation &s, Stream &stream) {
    return s.executables.contains(executable) ? s.streams.launch(*executable, stream) : simulator::codeInvalidValue;
  });
}

int cuGraphUpload(ExecutableGraph *executable, void *handle) {
  return withStream("cuGraphUpload", handle, [&](Simulation &s, Stream &) {
    return s.executables.contains(executable) ? simulator::codeSuccess : simulator::codeInvalidValue;
  });
}

int cuGraphGetNodes(Graph *graph, void **nodes, size_t *count) {
  return call("cuGraphGetNodes", Needs::context, [&](Simulation &s) {
    if (!s.graphs.contains(graph) || nodes) return simulator::codeInvalidValue;
    *count = graph->nodes.size();
    return simulator::codeSuccess;
  });
}

int cuGraphExecDestroy(ExecutableGraph *executable) {
  return call("cuGraphExecDestroy", Needs::context, [&](Simulation &s) {
    if (s.executables.erase(executable) == 0) return simulator::codeInvalidValue;
    delete executable;
    return simulator::codeSuccess;
  });
}

int cuGraphDestroy(Graph *graph) {
  return call("cuGraphDestroy", Needs::context, [&](Simulation &s) {
    if (s.graphs.erase(graph) == 0) return simulator::codeInvalidValue;
    delete graph;
    return simulator::codeSuccess;
  });
}
}
