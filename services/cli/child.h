/* One service under supervision: its process, its log file, its lock, when to start it again. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "cli/suite.h"

#define CHILD_DELAY_MIN_MS 100
#define CHILD_DELAY_MAX_MS 10000
#define CHILD_STEADY_MS    30000 /* who has run this long starts again at once */

enum child_state { CHILD_DOWN, CHILD_RUNNING, CHILD_RESTING, CHILD_GIVEN_UP };

struct child {
    const char *name;
    void *owner;
    enum child_state state;
    bool ready; /* it has answered since it was started */
    uv_process_t process;
    uv_timer_t rest;
    int lock;       /* file descriptor; -1 where not held */
    int log;        /* file descriptor of DATA/NAME.log */
    off_t log_from; /* where this run's lines begin */
    uint64_t started_ms, delay_ms;
    unsigned starts, looks;
    struct jn_client *client;
    void (*on_exit)(struct child *child, int64_t code, int signal);
};

/* Takes DATA/NAME.lock and opens DATA/NAME.log. False with a sentence. */
bool child_open(struct child *child, const char *data, char error[JN_CONFIG_ERROR]);
void child_close(struct child *child);

/* False while a service that nobody supervises any more has its folder: it stops by itself within moments. */
bool child_folder_free(const struct child *child, const char *data);

/* Starts the program; on_exit is called when it ends. False with a sentence. */
bool child_start(struct child *child, uv_loop_t *loop, const char *bin, const char *config,
                 char error[JN_CONFIG_ERROR]);

/* How long to wait before the next start; grows while it does not run for long. */
uint64_t child_patience(struct child *child, uint64_t now_ms);

/* The last line that it wrote in this run, "" where none. */
const char *child_last_words(const struct child *child, char text[JN_CONFIG_ERROR]);

#endif
