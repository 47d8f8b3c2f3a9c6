#include "Codes.h"
#include "Stream.h"

namespace simulator {

thread_local CaptureMode Streams::threadMode = CaptureMode::global;

void Streams::join(Stream &stream, const CaptureRef &capture) {
  stream.capture = capture;
  stream.captureLane = capture->graph.lanes++;
  stream.frontier.clear();
  capture->members.push_back(&stream);
}

int Streams::beginCapture(Stream &stream, CaptureMode mode) {
  if (&stream == &null) return codeCaptureUnsupported;
  if (stream.capture) return codeIllegalState;
  auto capture = std::make_shared<Capture>();
  capture->mode = mode;
  capture->thread = std::this_thread::get_id();
  join(stream, capture);
  captures.push_back(capture);
  return codeSuccess;
}

/// True iff all work of the other streams comes before the end of the stream that began the capture.
bool Streams::joined(const Capture &capture) const {
  std::vector<bool> before(capture.graph.nodes.size());
  for (unsigned node : capture.members[0]->frontier) before[node] = true;
  for (size_t node = before.size(); node-- > 0;)
    if (before[node])
      for (unsigned earlier : capture.graph.nodes[node].after) before[earlier] = true;
  for (bool reached : before)
    if (!reached) return false;
  return true;
}

int Streams::endCapture(Stream &stream, Graph *&graph) {
  CaptureRef capture = stream.capture;
  graph = nullptr;
  if (!capture) return codeIllegalState;
  if (capture->members[0] != &stream) return codeCaptureUnmatched;
  if (capture->mode != CaptureMode::relaxed && capture->thread != std::this_thread::get_id())
    return codeCaptureWrongThread;
  int code = !capture->valid ? codeCaptureInvalidated : !joined(*capture) ? codeCaptureUnjoined : codeSuccess;
  for (Stream *member : capture->members) {
    member->capture = nullptr;
    member->frontier.clear();
  }
  capture->members.clear();
  std::erase(captures, capture);
  if (code == codeSuccess) graph = new Graph(std::move(capture->graph));
  return code;
}

int Streams::prohibitedByCapture() {
  if (threadMode == CaptureMode::relaxed) return codeSuccess;
  int code = codeSuccess;
  for (const CaptureRef &capture : captures) {
    bool own = capture->thread == std::this_thread::get_id();
    bool everyone = capture->mode == CaptureMode::global && threadMode == CaptureMode::global;
    if (capture->mode == CaptureMode::relaxed || !(own || everyone)) continue;
    capture->valid = false;
    code = codeCaptureUnsupported;
  }
  return code;
}

int Streams::implicitByCapture() {
  int code = codeSuccess;
  for (Stream *stream : streams)
    if (stream->blocking && stream->capture) {
      stream->capture->valid = false;
      code = codeCaptureImplicit;
    }
  return code;
}

ExecutableGraph *Streams::instantiate(const Graph &graph) {
  auto *executable = new ExecutableGraph{graph, {}, nullptr};
  for (unsigned lane = 0; lane < graph.lanes; lane++) executable->lanes.push_back(history.newLane());
  return executable;
}

/// Launches of one executable graph follow one another, whatever the streams.
int Streams::launch(ExecutableGraph &executable, Stream &stream) {
  if (stream.capture) return codeNotSupported;
  OperationRef begin = enqueue(stream, "begin of a graph", nullptr, {executable.last});
  std::vector<OperationRef> operations, after;
  for (const Node &node : executable.graph.nodes) {
    after = {begin};
    for (unsigned earlier : node.after) after.push_back(operations[earlier]);
    if (node.launched) node.launched();
    operations.push_back(queue.add(executable.lanes[node.lane], node.name, after, node.body));
  }
  executable.last = enqueue(stream, "end of a graph", nullptr, operations);
  return codeSuccess;
}

}  // namespace simulator
