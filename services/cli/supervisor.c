/* The supervisor's loop. */
#include "cli/supervisor.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/child.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/say.h"

#define ASK_EVERY_MS  50
#define KILL_AFTER_MS 10000
#define LOOK_EVERY_MS 100
#define LOOKS_MAX     150 /* a service has stopped by then */
#define SAY           "up"

struct supervisor {
    const struct supervisor_plan *plan;
    uv_loop_t loop;
    uv_signal_t on_term, on_int;
    uv_timer_t ask, kill;
    struct child children[JN_PEERS_MAX];
    size_t count;
    bool said_ready, stopping;
    int code;
};

static size_t
count_in(const struct supervisor *up, enum child_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < up->count; i++)
        count += up->children[i].state == state;
    return count;
}

/* ---- Stopping ---- */

static void
signal_all(struct supervisor *up, int number)
{
    for (size_t i = 0; i < up->count; i++)
        if (up->children[i].state == CHILD_RUNNING)
            uv_process_kill(&up->children[i].process, number);
}

static void
on_kill(uv_timer_t *timer)
{
    struct supervisor *up = timer->data;

    jn_say(JN_WARNING, SAY, "stopping=slow action=kill services=%zu", count_in(up, CHILD_RUNNING));
    signal_all(up, SIGKILL);
}

static void
stop_all(struct supervisor *up)
{
    if (up->stopping) {
        signal_all(up, SIGKILL);
        return;
    }
    up->stopping = true;
    for (size_t i = 0; i < up->count; i++)
        uv_timer_stop(&up->children[i].rest);
    if (count_in(up, CHILD_RUNNING) == 0) {
        uv_stop(&up->loop);
        return;
    }
    signal_all(up, SIGTERM);
    uv_timer_start(&up->kill, on_kill, KILL_AFTER_MS, 0);
}

static void
on_signal(uv_signal_t *handle, int number)
{
    struct supervisor *up = handle->data;

    jn_say(JN_INFO, SAY, "stopping signal=%d", number);
    stop_all(up);
}

/* ---- Starting ---- */

static void on_ask(uv_timer_t *timer);
static void on_rest_over(uv_timer_t *timer);

static void
give_up(struct supervisor *up, struct child *child, const char *why)
{
    child->state = CHILD_GIVEN_UP;
    suite_say("%s cannot start: %s", child->name, why);
    if (up->said_ready)
        return;
    up->code = CLI_CONFIGURATION;
    stop_all(up);
}

static void
start(struct supervisor *up, struct child *child)
{
    char error[JN_CONFIG_ERROR];

    /* After this program was killed its services may still be stopping. */
    if (child->looks < LOOKS_MAX && !child_folder_free(child, up->plan->suite->config.data)) {
        if (child->looks++ == 0)
            jn_say(JN_WARNING, SAY, "service=%s waits=yes reason=\"an earlier one has not stopped yet\"", child->name);
        child->state = CHILD_RESTING;
        uv_timer_start(&child->rest, on_rest_over, LOOK_EVERY_MS, 0);
        return;
    }
    if (!child_start(child, &up->loop, up->plan->bin, up->plan->suite->config.path, error)) {
        give_up(up, child, error);
        return;
    }
    uv_timer_start(&up->ask, on_ask, ASK_EVERY_MS, ASK_EVERY_MS);
}

static void
on_rest_over(uv_timer_t *timer)
{
    struct child *child = timer->data;

    start(child->owner, child);
}

static void
on_child_exit(struct child *child, int64_t code, int number)
{
    struct supervisor *up = child->owner;
    char words[JN_CONFIG_ERROR];
    uint64_t patience_ms;

    if (up->stopping) {
        if (number || code) {
            jn_say(JN_WARNING, SAY, "service=%s ended=yes code=%" PRId64 " signal=%d", child->name, code, number);
            if (up->code == CLI_OK)
                up->code = CLI_REFUSED;
        }
        if (count_in(up, CHILD_RUNNING) == 0)
            uv_stop(&up->loop);
        return;
    }
    if (code == CLI_CONFIGURATION) {
        give_up(up, child, child_last_words(child, words));
        return;
    }
    patience_ms = child_patience(child, uv_now(&up->loop));
    child->state = CHILD_RESTING;
    jn_say(JN_ERROR, SAY, "service=%s ended=yes code=%" PRId64 " signal=%d again_in_ms=%" PRIu64 " last=\"%s\"",
           child->name, code, number, patience_ms, child_last_words(child, words));
    uv_timer_start(&child->rest, on_rest_over, patience_ms, 0);
}

/* ---- Readiness ---- */

/* systemd's Type=notify: one datagram, where it asks for it. */
static void
tell_systemd(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (!path || strlen(path) >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (const struct sockaddr *)&address,
           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
    close(fd);
}

static void
look_whether_ready(struct supervisor *up)
{
    for (size_t i = 0; i < up->count; i++)
        if (!up->children[i].ready)
            return;
    uv_timer_stop(&up->ask);
    if (up->said_ready)
        return;
    up->said_ready = true;
    for (size_t i = 0; i < up->count; i++)
        printf("%-14s %s\n", up->children[i].name, jn_client_peer(up->children[i].client)->endpoint);
    puts("ready");
    fflush(stdout);
    tell_systemd();
}

/* Who answers, whatever it says, is there. */
static void
on_ask(uv_timer_t *timer)
{
    static const Runtime__StandRequest request = RUNTIME__STAND_REQUEST__INIT;
    struct supervisor *up = timer->data;
    struct jn_answer answer;

    for (size_t i = 0; i < up->count; i++) {
        struct child *child = &up->children[i];

        if (child->state == CHILD_RUNNING && !child->ready && jn_client_waiting(child->client) == 0)
            jn_client_send(child->client, &(struct jn_request){.method = "Stand", .request = &request, .tag = child},
                           NULL);
    }
    while (jn_clients_receive(up->plan->suite->clients, 0, &answer)) {
        struct child *child = answer.tag;

        child->ready = child->state == CHILD_RUNNING;
        if (child->ready && child->starts > 1)
            jn_say(JN_INFO, SAY, "service=%s ready=again starts=%u", child->name, child->starts);
    }
    if (!up->stopping)
        look_whether_ready(up);
}

/* ---- Birth and death ---- */

/* The operator may ask where a service stands. Where his key is kept elsewhere, the service's own will do: a denial is
 * an answer. */
static const char *
asking_as(const struct suite *suite, const char *service)
{
    char path[JN_PATH_MAX + 64];

    snprintf(path, sizeof(path), "%s/keys/%s.key", suite->config.data, SUITE_OPERATOR);
    return jn_config_agency_named(&suite->config, SUITE_OPERATOR) && access(path, R_OK) == 0 ? SUITE_OPERATOR : service;
}

static int
open_child(struct supervisor *up, size_t index)
{
    struct child *child = &up->children[index];
    struct suite *suite = up->plan->suite;
    char error[JN_CONFIG_ERROR];

    *child =
        (struct child){.name = up->plan->names[index], .owner = up, .lock = -1, .log = -1, .on_exit = on_child_exit};
    uv_timer_init(&up->loop, &child->rest);
    child->rest.data = child;
    up->count = index + 1;
    if (!child_open(child, suite->config.data, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    return suite_client(suite, child->name, asking_as(suite, child->name), 1, &child->client);
}

static int
open_all(struct supervisor *up)
{
    int code = CLI_OK;

    uv_loop_init(&up->loop);
    uv_signal_init(&up->loop, &up->on_term);
    uv_signal_init(&up->loop, &up->on_int);
    uv_timer_init(&up->loop, &up->ask);
    uv_timer_init(&up->loop, &up->kill);
    up->on_term.data = up->on_int.data = up->ask.data = up->kill.data = up;
    for (size_t i = 0; code == CLI_OK && i < up->plan->count; i++)
        code = open_child(up, i);
    return code;
}

static void
close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void
close_all(struct supervisor *up)
{
    uv_walk(&up->loop, close_handle, NULL);
    uv_run(&up->loop, UV_RUN_DEFAULT);
    uv_loop_close(&up->loop);
    for (size_t i = 0; i < up->count; i++)
        child_close(&up->children[i]);
}

int
supervisor_run(const struct supervisor_plan *plan)
{
    static struct supervisor up;

    up.plan = plan;
    up.code = open_all(&up);
    if (up.code == CLI_OK) {
        uv_signal_start(&up.on_term, on_signal, SIGTERM);
        uv_signal_start(&up.on_int, on_signal, SIGINT);
        for (size_t i = 0; i < up.count && !up.stopping; i++)
            start(&up, &up.children[i]);
        if (!up.stopping || count_in(&up, CHILD_RUNNING) > 0)
            uv_run(&up.loop, UV_RUN_DEFAULT);
    }
    close_all(&up);
    return up.code;
}
