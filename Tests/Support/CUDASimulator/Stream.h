#pragma once
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "Queue.h"

namespace simulator {

/// An operation of a graph. It begins after the nodes in `after`; nodes of one lane follow one another.
struct Node {
  std::string name;
  unsigned lane;
  std::vector<unsigned> after;
  Body body;
  /// What happens when the graph is launched, before anything of it runs.
  std::function<void()> launched;
};

struct Graph {
  std::vector<Node> nodes;
  unsigned lanes = 0;
};

/// A graph that can be launched: its lanes in the history, and the end of its last launch.
struct ExecutableGraph {
  Graph graph;
  std::vector<unsigned> lanes;
  OperationRef last;
};

struct Stream;

/// As `CUstreamCaptureMode` numbers them.
enum class CaptureMode : int { global = 0, threadLocal = 1, relaxed = 2 };

/// A capture in progress, in `members`, the first of which began it.
struct Capture {
  CaptureMode mode;
  std::thread::id thread;
  Graph graph;
  bool valid = true;
  std::vector<Stream *> members;
};

using CaptureRef = std::shared_ptr<Capture>;

struct Stream {
  unsigned lane = 0;
  /// True iff work of the null stream and of this one wait for each other.
  bool blocking = true;
  OperationRef tail;

  /// While it captures: the lane in the graph, and the nodes after which the next one begins.
  CaptureRef capture;
  unsigned captureLane = 0;
  std::set<unsigned> frontier;
};

struct Event {
  bool timed;
  /// The last recording outside of a capture.
  OperationRef recording;
  /// The last recording in a capture, and the nodes that it waits for.
  CaptureRef capture;
  std::set<unsigned> frontier;
};

/// All streams and captures of the context.
class Streams {
 public:
  Streams(History &history, Queue &queue);

  Stream *create(bool blocking);
  bool destroy(Stream *stream);

  /// The stream of a handle: null and 1 for the null stream, 2 for that of the calling thread; nil if there is none.
  Stream *find(void *handle);

  /// Puts an operation into the stream, or into the graph that it captures; gives a code of the driver. `launched`, if it
  /// is there, is called when the operation goes to the device: now, or with the graph.
  int submit(Stream &stream, const std::string &name, Body body, std::function<void()> launched = nullptr);

  /// The same, outside of a capture; begins after `more`, too.
  OperationRef enqueue(Stream &stream, const std::string &name, Body body, std::vector<OperationRef> more = {});

  int record(Event &event, Stream &stream);
  int waitFor(Event &event, Stream &stream);

  int beginCapture(Stream &stream, CaptureMode mode);
  int endCapture(Stream &stream, Graph *&graph);

  /// The code for a call that is not allowed while the calling thread's mode forbids it; such a call ends captures.
  int prohibitedByCapture();

  /// The code for work in the null stream while a blocking stream captures.
  int implicitByCapture();

  int launch(ExecutableGraph &executable, Stream &stream);
  ExecutableGraph *instantiate(const Graph &graph);

  /// The mode of each thread, as `cuThreadExchangeStreamCaptureMode` sets it.
  static thread_local CaptureMode threadMode;

 private:
  void join(Stream &stream, const CaptureRef &capture);
  bool joined(const Capture &capture) const;

  History &history;
  Queue &queue;
  Stream null, ofThread;
  std::set<Stream *> streams;
  std::vector<CaptureRef> captures;
};

}  // namespace simulator
