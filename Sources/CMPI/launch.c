// The parent process of the ranks that `--ranks` starts. mpirun treats most signals as a request to
// kill its ranks, so they are kept from it. This process waits, turns signals into one request
// (SIGUSR1, which mpirun forwards to every rank), forwards the ranks' output, and returns the job's
// exit code.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

// A signal that mpirun forwards and nobody handles: it ends every rank immediately.
enum { END_RANKS = SIGUSR2 };
// How long mpirun may take to clean up before it is killed itself.
enum { CLEARING_MILLISECONDS = 5000 };
// A request made before there are ranks is lost in mpirun, so it is repeated until the job has
// ended.
enum { REPETITION_MILLISECONDS = 1000 };
// How often to check that the job is still running.
enum { LOOK_MILLISECONDS = 500 };

static const int requests[] = {SIGINT, SIGHUP, SIGTERM, SIGUSR1};
enum { REQUESTS = sizeof requests / sizeof *requests };

// A pipe that handlers write the signal's number to.
static int events[2];

static void tell(int number) {
  int reason = errno;
  char byte = (char)number;
  (void)!write(events[1], &byte, 1);
  errno = reason;
}

static void listen_to(int number) {
  struct sigaction action = {0};
  action.sa_handler = tell;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, NULL);
}

static _Noreturn void become(char *const *words, pid_t parent, int output, int failure) {
  // mpirun must not outlive this process, nor its ranks outlive mpirun.
  prctl(PR_SET_PDEATHSIG, END_RANKS);
  if (getppid() != parent) _exit(128 + END_RANKS);
  if (output >= 0) dup2(output, STDOUT_FILENO);
  sigset_t unseen;
  sigemptyset(&unseen);
  for (int r = 0; r < REQUESTS; r++)
    if (requests[r] != SIGUSR1) sigaddset(&unseen, requests[r]);
  sigprocmask(SIG_SETMASK, &unseen, NULL);
  execvp(words[0], words);
  int reason = errno;
  (void)!write(failure, &reason, sizeof reason);
  _exit(127);
}

// Writes everything, or gives up: the ranks continue whether or not anybody reads.
static void pass_on(const char *bytes, size_t count, cmpi_job *job) {
  while (count > 0 && job->output_error == 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written >= 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd ready = {.fd = STDOUT_FILENO, .events = POLLOUT};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      job->output_error = errno;
    }
  }
}

// Returns 0 at the end of the output.
static int relay(int output, cmpi_job *job) {
  char bytes[16384];
  ssize_t count = read(output, bytes, sizeof bytes);
  if (count > 0) pass_on(bytes, (size_t)count, job);
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

static void act_on(int number, pid_t launcher, cmpi_job *job, long long *end) {
  int is_request = 0;
  for (int r = 0; r < REQUESTS; r++) is_request |= requests[r] == number;
  if (!is_request) return;
  job->request = number;
  if (cmpi_is_second_request(number)) {
    job->was_ended = 1;
    *end = cmpi_milliseconds() + CLEARING_MILLISECONDS;
    kill(launcher, END_RANKS);
  } else {
    kill(launcher, SIGUSR1);
  }
}

static int exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int stay_with(pid_t launcher, int output, cmpi_job *job) {
  long long end = 0;
  int status = 0;
  // Earlier signals were recorded by this process's other handlers.
  job->request = cmpi_noted_signal();
  if (job->request) kill(launcher, SIGUSR1);
  for (;;) {
    struct pollfd files[] = {
        {.fd = events[0], .events = POLLIN}, {.fd = output, .events = POLLIN}};
    // The parent of this process may have left SIGCHLD blocked, or it may be lost: poll.
    int pause = job->request ? REPETITION_MILLISECONDS : LOOK_MILLISECONDS;
    if (end > 0 && end <= cmpi_milliseconds()) kill(launcher, SIGKILL);
    int ready = poll(files, 2, pause);
    if (ready == 0 && end == 0 && job->request) kill(launcher, SIGUSR1);
    if (ready > 0) {
      if (files[1].revents && !relay(output, job)) output = -1;
      char numbers[64];
      ssize_t count = files[0].revents ? read(events[0], numbers, sizeof numbers) : 0;
      for (ssize_t n = 0; n < count; n++) act_on(numbers[n], launcher, job, &end);
    }
    if (waitpid(launcher, &status, WNOHANG) == launcher) break;
  }
  // Drain the pipe; a process left behind must not block this one.
  if (output >= 0) {
    fcntl(output, F_SETFL, O_NONBLOCK);
    struct pollfd rest = {.fd = output, .events = POLLIN};
    while (poll(&rest, 1, 0) > 0 && relay(output, job)) continue;
  }
  return exit_code(status);
}

int cmpi_run_job(char *const *words, cmpi_job *job) {
  memset(job, 0, sizeof *job);
  int output[2] = {-1, -1}, failure[2];
  if (pipe2(events, O_CLOEXEC | O_NONBLOCK) != 0 || pipe2(failure, O_CLOEXEC) != 0) return errno;
  // On a terminal the ranks write themselves, and query its width. mpirun would end the job if the
  // reader closes its pipe.
  if (!isatty(STDOUT_FILENO) && pipe2(output, O_CLOEXEC) != 0) return errno;

  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  pid_t launcher = fork();
  if (launcher == 0) become(words, parent, output[1], failure[1]);
  int reason = launcher < 0 ? errno : 0;
  close(failure[1]);
  if (output[1] >= 0) close(output[1]);
  if (launcher > 0) {
    for (int r = 0; r < REQUESTS; r++)
      if (requests[r] == SIGUSR1 || requests[r] == SIGTERM || !cmpi_is_ignored(requests[r]))
        listen_to(requests[r]);
    listen_to(SIGCHLD);
    cmpi_outlive_readers();
    // Signals that this process was started with blocked are needed now.
    for (int r = 0; r < REQUESTS; r++) sigdelset(&before, requests[r]);
    sigdelset(&before, SIGCHLD);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (launcher < 0) return reason;

  if (read(failure[0], &reason, sizeof reason) == sizeof reason) {
    waitpid(launcher, NULL, 0);
    return reason;
  }
  close(failure[0]);
  job->exit_code = stay_with(launcher, output[0], job);
  return 0;
}
