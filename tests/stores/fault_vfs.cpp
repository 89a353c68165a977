#include "fault_vfs.hpp"

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace linecard::contract {

namespace {

/// The real file follows in the same allocation, as szOsFile asks for.
struct shim {
  sqlite3_file base;
  fault_vfs* owner;
  sqlite3_file* real;
};

fault_vfs& fuse_of(sqlite3_vfs* v) { return *static_cast<fault_vfs*>(v->pAppData); }
sqlite3_vfs* real_of(sqlite3_vfs* v) { return fuse_of(v).real(); }
shim& of(sqlite3_file* f) { return *reinterpret_cast<shim*>(f); }

template <class... A>
int pass(sqlite3_file* f, int (*sqlite3_io_methods::*method)(sqlite3_file*, A...), std::type_identity_t<A>... a) {
  return (of(f).real->pMethods->*method)(of(f).real, a...);
}
template <class... A>
int pass_or(int fault, sqlite3_file* f, int (*sqlite3_io_methods::*method)(sqlite3_file*, A...),
            std::type_identity_t<A>... a) {
  return of(f).owner->fails() ? fault : pass(f, method, a...);
}

using io = sqlite3_io_methods;
using file = sqlite3_file*;

const io methods{
    2, // no memory mapping of the file itself, so every read and write comes by here
    [](file f) { return pass(f, &io::xClose); },
    [](file f, void* to, int n, sqlite3_int64 at) { return pass_or(SQLITE_IOERR_READ, f, &io::xRead, to, n, at); },
    [](file f, const void* from, int n, sqlite3_int64 at) {
      return pass_or(of(f).owner->write_code(), f, &io::xWrite, from, n, at);
    },
    [](file f, sqlite3_int64 size) { return pass_or(SQLITE_IOERR_TRUNCATE, f, &io::xTruncate, size); },
    [](file f, int flags) { return pass_or(SQLITE_IOERR_FSYNC, f, &io::xSync, flags); },
    [](file f, sqlite3_int64* size) { return pass_or(SQLITE_IOERR_FSTAT, f, &io::xFileSize, size); },
    [](file f, int level) { return pass_or(SQLITE_IOERR_LOCK, f, &io::xLock, level); },
    [](file f, int level) { return pass(f, &io::xUnlock, level); },
    [](file f, int* out) { return pass(f, &io::xCheckReservedLock, out); },
    [](file f, int op, void* arg) { return pass(f, &io::xFileControl, op, arg); },
    [](file f) { return pass(f, &io::xSectorSize); },
    [](file f) { return pass(f, &io::xDeviceCharacteristics); },
    [](file f, int page, int size, int extend, void volatile** out) {
      return pass_or(SQLITE_IOERR_SHMMAP, f, &io::xShmMap, page, size, extend, out);
    },
    [](file f, int at, int n, int flags) { // giving a lock up does not fail: it would stay taken for ever
      if ((flags & SQLITE_SHM_UNLOCK) != 0) return pass(f, &io::xShmLock, at, n, flags);
      return pass_or(SQLITE_IOERR_SHMLOCK, f, &io::xShmLock, at, n, flags);
    },
    [](file f) { of(f).real->pMethods->xShmBarrier(of(f).real); },
    [](file f, int erase) { return pass(f, &io::xShmUnmap, erase); },
    nullptr,
    nullptr,
};

int open(sqlite3_vfs* v, const char* path, file f, int flags, int* out) {
  shim& s = of(f);
  f->pMethods = nullptr; // tells SQLite not to close what never opened
  if (fuse_of(v).fails()) return SQLITE_CANTOPEN;
  s.owner = &fuse_of(v);
  s.real = reinterpret_cast<sqlite3_file*>(&s + 1);
  const int rc = real_of(v)->xOpen(real_of(v), path, s.real, flags, out);
  if (s.real->pMethods != nullptr) f->pMethods = &methods;
  return rc;
}

} // namespace

fault_vfs::fault_vfs(std::string name, bool as_default)
    : name_(std::move(name)), real_(sqlite3_vfs_find(nullptr)), default_(as_default), vfs_(*real_) {
  vfs_.iVersion = 1;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.szOsFile = static_cast<int>(sizeof(shim)) + real_->szOsFile;
  vfs_.xOpen = open;
  vfs_.xDelete = [](sqlite3_vfs* v, const char* path, int sync) {
    return fuse_of(v).fails() ? SQLITE_IOERR_DELETE : real_of(v)->xDelete(real_of(v), path, sync);
  };
  vfs_.xAccess = [](sqlite3_vfs* v, const char* path, int flags, int* out) {
    return fuse_of(v).fails() ? SQLITE_IOERR_ACCESS : real_of(v)->xAccess(real_of(v), path, flags, out);
  };
  vfs_.xFullPathname = [](sqlite3_vfs* v, const char* path, int n, char* out) {
    return real_of(v)->xFullPathname(real_of(v), path, n, out);
  };
  vfs_.xSleep = [](sqlite3_vfs* v, int microseconds) {
    if (!fuse_of(v).on_sleep) return real_of(v)->xSleep(real_of(v), microseconds);
    fuse_of(v).on_sleep();
    return microseconds;
  };
  if (sqlite3_vfs_register(&vfs_, default_ ? 1 : 0) != SQLITE_OK) throw std::runtime_error("cannot register the VFS");
}

fault_vfs::~fault_vfs() {
  if (default_) (void)sqlite3_vfs_register(real_, 1);
  (void)sqlite3_vfs_unregister(&vfs_);
}

void fault_vfs::arm(int n, fuse how, int write_fails_with) {
  left_ = n, how_ = how, write_code_ = write_fails_with;
  broken_ = struck_ = false;
}

bool fault_vfs::fails() {
  if (!broken_ && (left_ == 0 || --left_ != 0)) return false;
  struck_ = true;
  broken_ = how_ == fuse::sticky;
  return true;
}

} // namespace linecard::contract
