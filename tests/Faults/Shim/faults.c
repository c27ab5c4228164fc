/* Stands between a process and the C library (LD_PRELOAD) and makes faults of disk and clock on demand.
 *
 * FAULTS_FOLDER   only files below this folder are touched, shared memory (-shm) never
 * FAULTS_CONTROL  a file shared with who orders the faults: struct control, below and in ShimControl.cs
 * FAULTS_LOG      when given, every write below the folder is kept there with what it replaced, and every flush: enough to take back
 *                 afterwards what a power cut could have taken back (PowerCut.cs)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
    int64_t clock_offset_ns;   /* added to the time of day */
    int64_t room;              /* bytes that still fit on the disk; -1 for no bound */
    int32_t flush_errors;      /* so many flushes fail from now on */
    int32_t flush_first;       /* 1: they flush before they say that they failed */
    int32_t slow_flushes;      /* so many flushes take slow_ms longer */
    int32_t slow_ms;
    int32_t flushes_failed;    /* what was done, counted for who ordered it */
    int32_t flushes_slowed;
    int32_t writes_refused;
};

enum { WRITE = 1, FLUSHED = 2, DROPPED = 3, RENAMED = 4 };

struct record {
    uint32_t magic, kind;
    uint64_t sequence;         /* of a write; of the last write before the flush began. Grows from one process to the next */
    int64_t at, size_before;
    uint32_t path_bytes, new_bytes, old_bytes, unused;
};

#define MAGIC 0x46415554u
#define PATH_BYTES 1024

static volatile struct control *control;
static char folder[PATH_BYTES];
static size_t folder_length;
static int log_file = -1;
static uint64_t sequence;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ({ static __typeof__(&name) real_; if (!real_) real_ = (__typeof__(&name))dlsym(RTLD_NEXT, #name); real_; })

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("FAULTS_CONTROL"), *below = getenv("FAULTS_FOLDER"), *kept = getenv("FAULTS_LOG");
    if (!file || !below || strlen(below) >= sizeof folder) return;
    int shared = open(file, O_RDWR | O_CLOEXEC);
    if (shared < 0) return;
    void *memory = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
    close(shared);
    if (memory == MAP_FAILED) return;
    strcpy(folder, below);
    folder_length = strlen(folder);
    /* Nobody writes a thousand million times a second, so the next process begins above where this one ends. */
    struct timespec since_boot;
    REAL(clock_gettime)(CLOCK_MONOTONIC, &since_boot);
    sequence = (uint64_t)since_boot.tv_sec * 1000000000u + (uint64_t)since_boot.tv_nsec;
    if (kept) log_file = open(kept, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    control = memory;
}

static int ours_by_path(const char *path)
{
    size_t length = strlen(path);
    return strncmp(path, folder, folder_length) == 0 && path[folder_length] == '/' && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

static int ours(int file, char *path)
{
    if (!control || file < 0 || file == log_file) return 0;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_BYTES - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return ours_by_path(path);
}

/* How many of the bytes the disk takes; 0 when it is full. Holds the gate. */
static size_t fitting(size_t count)
{
    int64_t room = control->room;
    if (room < 0) return count;
    if ((int64_t)count <= room) { control->room = room - (int64_t)count; return count; }
    control->room = 0;
    control->writes_refused++;
    return (size_t)room;
}

/* Holds the gate. One call of writev, so that a process killed here leaves a whole record or a torn last one. */
static void note(uint32_t kind, uint64_t number, const char *path, int64_t at, int64_t size, const void *new_bytes, size_t count, const void *old_bytes, size_t old_count)
{
    if (log_file < 0) return;
    struct record record = { MAGIC, kind, number, at, size, (uint32_t)strlen(path), (uint32_t)count, (uint32_t)old_count, 0 };
    struct iovec parts[4] = { { &record, sizeof record }, { (void *)path, record.path_bytes }, { (void *)new_bytes, count }, { (void *)old_bytes, old_count } };
    if (REAL(writev)(log_file, parts, 4) < 0) abort();
}

static void note_write(int file, const char *path, const void *bytes, size_t count, off_t at)
{
    if (log_file < 0) return;
    struct stat about;
    if (fstat(file, &about) != 0) return;
    size_t old_count = at >= about.st_size ? 0 : (size_t)(about.st_size - at) < count ? (size_t)(about.st_size - at) : count;
    char *old_bytes = old_count ? malloc(old_count) : NULL;
    ssize_t got = 0;
    if (old_count) {
        /* The file may be open for writing alone. */
        int reading = open(path, O_RDONLY | O_CLOEXEC);
        got = reading < 0 ? 0 : pread(reading, old_bytes, old_count, at);
        if (reading >= 0) close(reading);
    }
    note(WRITE, ++sequence, path, at, about.st_size, bytes, count, old_bytes, got > 0 ? (size_t)got : 0);
    free(old_bytes);
}

static ssize_t write_at(int file, const char *path, const void *bytes, size_t count, off_t at, int moves)
{
    pthread_mutex_lock(&gate);
    size_t fits = fitting(count);
    ssize_t done = -1;
    int error = ENOSPC;
    if (fits > 0 || count == 0) {
        note_write(file, path, bytes, fits, at);
        done = moves ? REAL(write)(file, bytes, fits) : REAL(pwrite64)(file, bytes, fits, at);
        error = errno;
    }
    pthread_mutex_unlock(&gate);
    errno = error;
    return done;
}

ssize_t write(int file, const void *bytes, size_t count)
{
    char path[PATH_BYTES];
    if (!ours(file, path)) return REAL(write)(file, bytes, count);
    off_t at = lseek(file, 0, SEEK_CUR);
    return at < 0 ? REAL(write)(file, bytes, count) : write_at(file, path, bytes, count, at, 1);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
    char path[PATH_BYTES];
    return ours(file, path) ? write_at(file, path, bytes, count, at, 0) : REAL(pwrite64)(file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    char path[PATH_BYTES];
    return ours(file, path) ? write_at(file, path, bytes, count, at, 0) : REAL(pwrite)(file, bytes, count, at);
}

/* Piece by piece; a short count is for the caller to go on from, as with the real one. */
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at)
{
    char path[PATH_BYTES];
    if (!ours(file, path)) return REAL(pwritev)(file, parts, count, at);
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write_at(file, path, parts[i].iov_base, parts[i].iov_len, at + total, 0);
        if (done < 0) return total > 0 ? total : -1;
        total += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return total;
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) { return pwritev(file, parts, count, at); }

static int flush(int file, int (*real)(int))
{
    char path[PATH_BYTES];
    if (!ours(file, path)) return real(file);
    pthread_mutex_lock(&gate);
    uint64_t upto = sequence;
    int slow = control->slow_flushes > 0 ? (control->slow_flushes--, control->flushes_slowed++, control->slow_ms) : 0;
    int fails = control->flush_errors > 0 ? (control->flush_errors--, control->flushes_failed++, 1) : 0;
    int really = !fails || control->flush_first;
    pthread_mutex_unlock(&gate);
    if (slow > 0) {
        struct timespec pause = { slow / 1000, (long)(slow % 1000) * 1000000 };
        nanosleep(&pause, NULL);
    }
    int result = really ? real(file) : -1;
    pthread_mutex_lock(&gate);
    note(result == 0 ? FLUSHED : DROPPED, upto, path, 0, 0, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&gate);
    if (!fails) return result;
    errno = EIO;
    return -1;
}

int fsync(int file) { return flush(file, REAL(fsync)); }

int fdatasync(int file) { return flush(file, REAL(fdatasync)); }

/* A new length counts as flushed together with all before it: one of the things that may happen. */
static void note_length(int file)
{
    char path[PATH_BYTES];
    if (!ours(file, path)) return;
    pthread_mutex_lock(&gate);
    note(FLUSHED, sequence, path, 0, 0, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&gate);
}

int ftruncate(int file, off_t length)
{
    int result = REAL(ftruncate)(file, length);
    if (result == 0) note_length(file);
    return result;
}

int ftruncate64(int file, off64_t length)
{
    int result = REAL(ftruncate64)(file, length);
    if (result == 0) note_length(file);
    return result;
}

static void note_name(const char *from, const char *to)
{
    if (!control || !ours_by_path(from)) return;
    pthread_mutex_lock(&gate);
    note(RENAMED, sequence, from, 0, 0, to, strlen(to), NULL, 0);
    pthread_mutex_unlock(&gate);
}

int rename(const char *from, const char *to)
{
    int result = REAL(rename)(from, to);
    if (result == 0) note_name(from, to);
    return result;
}

int link(const char *from, const char *to)
{
    int result = REAL(link)(from, to);
    if (result == 0) note_name(from, to);
    return result;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = REAL(clock_gettime)(clock, time);
    if (result != 0 || !control || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    int64_t total = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + control->clock_offset_ns;
    time->tv_sec = total / 1000000000;
    time->tv_nsec = total % 1000000000;
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return result;
}

time_t time(time_t *place)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}
