// How the benchmarks measure: one core, two contestants in turns, medians. A figure alone tells of the machine; the
// ratio of two figures taken in the same minute tells of the code.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <sched.h>
#include <time.h>

namespace bench {

/// To the last core: interrupts tend to be served on the first. A machine that does not allow it is measured unpinned.
inline void pin() {
  cpu_set_t allowed, one;
  CPU_ZERO(&one);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu)
    if (CPU_ISSET(static_cast<unsigned>(cpu), &allowed)) {
      CPU_SET(static_cast<unsigned>(cpu), &one);
      if (sched_setaffinity(0, sizeof one, &one) != 0) std::puts("not pinned");
      return;
    }
}

inline double median(std::vector<double> of) {
  std::ranges::sort(of);
  return of[of.size() / 2];
}

/// Microseconds a call: by the clock on the wall, and of this thread's processor time, which the machine's other work
/// and the disk stay out of.
struct spent {
  double wall{}, cpu{};
};
inline double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
template <class Work> spent time_each(int calls, Work& work) {
  const auto begun = std::chrono::steady_clock::now();
  const double cpu = thread_seconds();
  for (int i = 0; i < calls; ++i) work();
  const double used = thread_seconds() - cpu;
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begun;
  return {took.count() / calls, 1e6 * used / calls};
}

/// One line: the medians of both, and the median of the rounds' ratios, peer's time over ours: 1 is as fast as the
/// peer, less is slower. The first round warms caches and is thrown away; who begins a round alternates.
template <class Ours, class Peer>
void compare(const std::string& name, int rounds, int calls, Ours ours, const std::string& peer_name, Peer peer) {
  std::vector<double> mine_wall, mine_cpu, peer_wall, peer_cpu, wall, cpu;
  for (int round = 0; round <= rounds; ++round) {
    spent mine{};
    if (round % 2 == 0) mine = time_each(calls, ours);
    const spent theirs = time_each(calls, peer);
    if (round % 2 != 0) mine = time_each(calls, ours);
    if (round == 0) continue;
    mine_wall.push_back(mine.wall), mine_cpu.push_back(mine.cpu);
    peer_wall.push_back(theirs.wall), peer_cpu.push_back(theirs.cpu);
    wall.push_back(theirs.wall / mine.wall), cpu.push_back(theirs.cpu / mine.cpu);
  }
  std::printf("%-44s %8.1f us (cpu %6.1f)   %s %8.1f us (cpu %6.1f)   ratio %.3f (cpu %.3f)\n", name.c_str(),
              median(mine_wall), median(mine_cpu), peer_name.c_str(), median(peer_wall), median(peer_cpu), median(wall),
              median(cpu));
  std::fflush(stdout);
}

/// One line: the medians alone.
template <class Ours> void report(const std::string& name, int rounds, int calls, Ours ours) {
  std::vector<double> wall, cpu;
  for (int round = 0; round <= rounds; ++round) {
    const spent mine = time_each(calls, ours);
    if (round > 0) wall.push_back(mine.wall), cpu.push_back(mine.cpu);
  }
  std::printf("%-44s %8.1f us (cpu %6.1f)\n", name.c_str(), median(wall), median(cpu));
  std::fflush(stdout);
}

} // namespace bench
