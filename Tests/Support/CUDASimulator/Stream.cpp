#include "Stream.h"

#include "Codes.h"

namespace simulator {

Streams::Streams(History &history, Queue &queue) : history(history), queue(queue) {
  null.lane = history.newLane();
  ofThread.lane = history.newLane();
  streams.insert(&ofThread);
}

Stream *Streams::create(bool blocking) {
  auto *stream = new Stream;
  stream->lane = history.newLane();
  stream->blocking = blocking;
  streams.insert(stream);
  return stream;
}

bool Streams::destroy(Stream *stream) {
  if (stream == &null || stream == &ofThread || streams.erase(stream) == 0) return false;
  if (stream->capture) {
    stream->capture->valid = false;
    std::erase(stream->capture->members, stream);
  }
  delete stream;
  return true;
}

Stream *Streams::find(void *handle) {
  if (reinterpret_cast<uintptr_t>(handle) < 2) return &null;
  if (reinterpret_cast<uintptr_t>(handle) == 2) return &ofThread;
  auto *stream = static_cast<Stream *>(handle);
  return streams.contains(stream) ? stream : nullptr;
}

OperationRef Streams::enqueue(Stream &stream, const std::string &name, Body body, std::vector<OperationRef> more) {
  more.push_back(stream.tail);
  if (&stream == &null) {
    for (Stream *other : streams)
      if (other->blocking) more.push_back(other->tail);
  } else if (stream.blocking) {
    more.push_back(null.tail);
  }
  return stream.tail = queue.add(stream.lane, name, more, std::move(body));
}

int Streams::submit(Stream &stream, const std::string &name, Body body, std::function<void()> launched) {
  if (!stream.capture) {
    if (&stream == &null)
      if (int code = implicitByCapture()) return code;
    enqueue(stream, name, std::move(body));
    if (launched) launched();
    return codeSuccess;
  }
  Capture &capture = *stream.capture;
  if (!capture.valid) return codeCaptureInvalidated;
  std::vector<unsigned> after(stream.frontier.begin(), stream.frontier.end());
  capture.graph.nodes.push_back({name, stream.captureLane, after, std::move(body), std::move(launched)});
  stream.frontier = {unsigned(capture.graph.nodes.size() - 1)};
  return codeSuccess;
}

int Streams::record(Event &event, Stream &stream) {
  if (stream.capture && !stream.capture->valid) return codeCaptureInvalidated;
  event.capture = stream.capture;
  event.frontier = stream.frontier;
  if (!stream.capture) event.recording = enqueue(stream, "event", nullptr);
  return codeSuccess;
}

int Streams::waitFor(Event &event, Stream &stream) {
  if (stream.capture && !stream.capture->valid) return codeCaptureInvalidated;
  if (event.capture) {
    if (event.capture->members.empty()) return codeCaptureIsolation;
    if (!stream.capture) join(stream, event.capture);
    if (stream.capture != event.capture) {
      stream.capture->valid = event.capture->valid = false;
      return codeCaptureMerge;
    }
    stream.frontier.insert(event.frontier.begin(), event.frontier.end());
    return codeSuccess;
  }
  if (stream.capture) {
    stream.capture->valid = false;
    return codeCaptureIsolation;
  }
  if (event.recording) enqueue(stream, "wait for an event", nullptr, {event.recording});
  return codeSuccess;
}

}  // namespace simulator
