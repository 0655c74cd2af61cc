/* Programs, locks and log files of services. */
#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fault(char error[JN_CONFIG_ERROR], const char *path, const char *what)
{
    snprintf(error, JN_CONFIG_ERROR, "%.250s: %.200s", path, what);
    return false;
}

static int
open_file(const char *data, const char *name, const char *ending, int flags)
{
    char path[JN_PATH_MAX + 64];

    snprintf(path, sizeof(path), "%s/%s.%s", data, name, ending);
    return open(path, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool
child_open(struct child *child, const char *data, char error[JN_CONFIG_ERROR])
{
    child->log = -1;
    child->lock = open_file(data, child->name, "lock", O_RDWR);
    if (child->lock < 0)
        return fault(error, data, strerror(errno));
    if (flock(child->lock, LOCK_EX | LOCK_NB) != 0) {
        snprintf(error, JN_CONFIG_ERROR, "%s of %.250s is run by another jineng up: stop that one first", child->name,
                 data);
        return false;
    }
    child->log = open_file(data, child->name, "log", O_RDWR | O_APPEND);
    return child->log >= 0 || fault(error, data, strerror(errno));
}

void
child_close(struct child *child)
{
    if (child->log >= 0)
        close(child->log);
    if (child->lock >= 0)
        close(child->lock);
    child->log = child->lock = -1;
}

bool
child_folder_free(const struct child *child, const char *data)
{
    char path[JN_PATH_MAX + 64];
    bool available;
    int fd;

    snprintf(path, sizeof(path), "%s/%s/lock", data, child->name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true;
    available = flock(fd, LOCK_EX | LOCK_NB) == 0;
    close(fd);
    return available;
}

static void
exited(uv_process_t *process, int64_t code, int signal)
{
    struct child *child = process->data;

    child->state = CHILD_DOWN;
    child->ready = false;
    uv_close((uv_handle_t *)process, NULL);
    child->on_exit(child, code, signal);
}

bool
child_start(struct child *child, uv_loop_t *loop, const char *bin, const char *config, char error[JN_CONFIG_ERROR])
{
    char program[JN_PATH_MAX], parent[16], config_path[JN_PATH_MAX];
    char *arguments[] = {program, (char *)"--config", config_path, (char *)"--parent", parent, NULL};
    uv_stdio_container_t stdio[3] = {{.flags = UV_IGNORE},
                                     {.flags = UV_INHERIT_FD, .data.fd = child->log},
                                     {.flags = UV_INHERIT_FD, .data.fd = child->log}};
    const uv_process_options_t options = {
        .file = program, .args = arguments, .exit_cb = exited, .stdio_count = 3, .stdio = stdio};
    int failed;

    snprintf(program, sizeof(program), "%s/jineng-%s", bin, child->name);
    snprintf(config_path, sizeof(config_path), "%s", config);
    snprintf(parent, sizeof(parent), "%d", (int)getpid());
    child->log_from = lseek(child->log, 0, SEEK_END);
    child->process.data = child;
    child->started_ms = uv_now(loop);
    failed = uv_spawn(loop, &child->process, &options);
    if (failed) {
        uv_close((uv_handle_t *)&child->process, NULL);
        snprintf(error, JN_CONFIG_ERROR, "%.300s: %s: name the programs' folder with --bin", program,
                 uv_strerror(failed));
        return false;
    }
    child->state = CHILD_RUNNING;
    child->starts++;
    return true;
}

uint64_t
child_patience(struct child *child, uint64_t now_ms)
{
    uint64_t delay_ms;

    if (child->delay_ms == 0 || now_ms - child->started_ms >= CHILD_STEADY_MS)
        child->delay_ms = CHILD_DELAY_MIN_MS;
    delay_ms = child->delay_ms;
    child->delay_ms = delay_ms * 2 < CHILD_DELAY_MAX_MS ? delay_ms * 2 : CHILD_DELAY_MAX_MS;
    return delay_ms;
}

const char *
child_last_words(const struct child *child, char text[JN_CONFIG_ERROR])
{
    off_t end = lseek(child->log, 0, SEEK_END);
    off_t from = end - child->log_from < JN_CONFIG_ERROR - 1 ? child->log_from : end - (JN_CONFIG_ERROR - 1);
    ssize_t got = from >= 0 && end > from ? pread(child->log, text, (size_t)(end - from), from) : 0;
    char *line;

    text[got > 0 ? got : 0] = '\0';
    for (got--; got >= 0 && text[got] == '\n'; got--)
        text[got] = '\0';
    line = strrchr(text, '\n');
    return line ? line + 1 : text;
}
