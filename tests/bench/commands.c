/* Commands a second and their latency: one service over CURVE, every acknowledged command synced, 1, 16, 256 and 4,096
 * in flight. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#include "jineng/v1/notification.pb-c.h"
#include "runtime/client.h"
#include "runtime/metrics.h"

static int64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
write_config(const char *dir, struct jn_keypair *user)
{
    char path[256], error[JN_CONFIG_ERROR], probe_key[41], user_key[41];
    struct jn_keypair probe;
    FILE *file;

    snprintf(path, sizeof(path), "%s/keys", dir);
    JN_ASSERT(mkdir(path, 0700) == 0);
    JN_ASSERT(jn_keypair_make(dir, "probe", &probe, error) && jn_keypair_make(dir, "operator", user, error));
    zmq_z85_encode(probe_key, probe.public_key, JN_KEY_BYTES);
    zmq_z85_encode(user_key, user->public_key, JN_KEY_BYTES);
    snprintf(path, sizeof(path), "%s/jineng.yaml", dir);
    file = fopen(path, "w");
    JN_ASSERT(file);
    fprintf(file,
            "mode: rehearsal\nclock: real\ncity: 130100\nservices:\n- name: probe\n  endpoint: ipc://%s/socket\n"
            "  key: '%s'\n  roles: [service]\nagencies:\n- name: operator\n  key: '%s'\n  roles: [operator]\n",
            dir, probe_key, user_key);
    fclose(file);
}

static void
run(struct jn_client *client, struct jn_clients *clients, unsigned window, unsigned count)
{
    static struct jn_histogram latency;
    static int64_t sent_us[1 << 16];
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    unsigned sent = 0, answered = 0;
    int64_t began;

    memset(&latency, 0, sizeof(latency));
    open.agency = (char *)(uintptr_t) "human_resources.administration";
    open.answer_days = 200; /* no timer */
    open.groups = 0x3ffe;
    began = now_us();
    while (answered < count) {
        struct jn_answer answer;

        while (sent < count && sent - answered < window) {
            struct jn_request request = {
                .method = "OpenInbox", .request = &open, .tag = (void *)(uintptr_t)(sent & 0xffff)};

            sent_us[sent & 0xffff] = now_us();
            if (jn_client_send(client, &request, NULL) != JN_OK)
                break;
            sent++;
        }
        if (!jn_clients_receive(clients, 5000, &answer)) {
            fprintf(stderr, "no answer\n");
            exit(1);
        }
        JN_ASSERT(answer.code == JN_OK);
        jn_observe(&latency, (uint64_t)(now_us() - sent_us[(uintptr_t)answer.tag]));
        answered++;
    }
    printf("%6u in flight: %8.0f commands/s   p50 %7.2f ms   p99 %7.2f ms\n", window,
           (double)count * 1e6 / (double)(now_us() - began), (double)jn_quantile(&latency, 500) / 1000,
           (double)jn_quantile(&latency, 990) / 1000);
    fflush(stdout);
}

int
main(void)
{
    char dir[] = "/tmp/jineng-bench-XXXXXX", path[256], error[JN_CONFIG_ERROR];
    struct jn_config *config = calloc(1, sizeof(*config));
    struct jn_keypair user;
    struct jn_clients *clients;
    struct jn_client *client;
    pid_t pid;

    JN_ASSERT(config && mkdtemp(dir));
    write_config(dir, &user);
    snprintf(path, sizeof(path), "%s/jineng.yaml", dir);
    if (!jn_config_load(path, config, error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    pid = fork();
    if (pid == 0) {
        execl(PROBE, PROBE, "--config", path, NULL);
        perror(PROBE);
        _exit(127);
    }
    clients = jn_clients_open();
    client =
        jn_client_open(clients, jn_config_peer(config, "probe"), &notification__notification__descriptor, &user, 4096);
    JN_ASSERT(client);
    run(client, clients, 1, 1000);
    run(client, clients, 1, 3000);
    run(client, clients, 16, 30000);
    run(client, clients, 256, 200000);
    run(client, clients, 4096, 300000);
    jn_clients_close(clients);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    snprintf(path, sizeof(path), "rm -rf '%s'", dir);
    free(config);
    return system(path) == 0 ? 0 : 1;
}
