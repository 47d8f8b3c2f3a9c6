#include <algorithm>

#include "Codes.h"
#include "Grid.h"
#include "Violation.h"

namespace simulator {

/// The lanes of a warp that exist in a block of `threads` threads.
static unsigned lanes(unsigned warp, unsigned threads) {
  unsigned count = threads - warp * 32;
  return count < 32 ? (1u << count) - 1 : ~0u;
}

/// The meeting of these lanes that is not complete, or a new one.
Meeting *Grid::meetingOf(unsigned warp, unsigned mask, Site site) {
  for (Meeting *meeting : gathering)
    if (meeting->warp == warp && meeting->mask == mask) return meeting;
  return gathering.emplace_back(new Meeting{warp, mask, site});
}

Meeting *Grid::meet(unsigned mask, uint64_t value, Site site) {
  unsigned warp = current->number / 32, mine = 1u << lane();
  mask &= lanes(warp, threadCount);
  if (!(mask & mine)) fail(codeLaunchFailed, format("is not in the mask %#x of its warp operation", mask));
  Meeting *meeting = meetingOf(warp, mask, site);
  if (meeting->site != site)
    fail(codeLaunchFailed, format("is at line %d in a warp operation that other lanes began at line %d", site.line,
                                  meeting->site.line));
  meeting->values[lane()] = value;
  meeting->arrived |= mine;
  if (meeting->arrived == mask) {
    complete(meeting);
  } else {
    current->meeting = meeting;
    current->site = site;
    wait(Thread::State::inMeeting);
  }
  return meeting;
}

/// Lets those that wait for the last lane go on.
void Grid::complete(Meeting *meeting) {
  gathering.erase(std::find(gathering.begin(), gathering.end(), meeting));
  unsigned first = meeting->warp * 32, end = std::min(first + 32, threadCount);
  for (unsigned number = first; number < end; number++) {
    Thread &thread = threads[number];
    if (thread.state == Thread::State::inMeeting && thread.meeting == meeting) makeReady(thread);
  }
}

void Grid::leave(Meeting *meeting) {
  meeting->left |= 1u << lane();
  if (meeting->left == meeting->mask) delete meeting;
}

/// Counted when the first lane leaves: none has accessed memory between its arrival and then.
void Grid::orderWarp(unsigned mask, Site site) {
  Meeting *meeting = meet(mask, 0, site);
  unsigned warp = meeting->warp;
  bool first = meeting->left == 0;
  if (first && meeting->mask == lanes(warp, threadCount)) warpEpochs[warp]++;
  leave(meeting);
}

}  // namespace simulator
