/* Programs of services, started, waited for and read. */
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 5

extern char **environ;
static volatile sig_atomic_t interrupted;

static void
on_signal(int number)
{
    interrupted = number;
}

void
program_listen(void)
{
    const struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool
program_interrupted(void)
{
    return interrupted != 0;
}

int64_t
program_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *
program_folder(void)
{
    static char path[JN_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length <= 0)
        return ".";
    path[length] = '\0';
    *strrchr(path, '/') = '\0';
    return path;
}

static int
spawn(struct program *program, char *const *arguments)
{
    const int create = O_WRONLY | O_CREAT | O_TRUNC;
    char errors[sizeof(program->out) + 8];
    posix_spawn_file_actions_t files;
    int failed;

    snprintf(errors, sizeof(errors), "%s.err", program->out);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, program->out, create, 0600);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors, create, 0600);
    failed = posix_spawn(&program->pid, arguments[0], &files, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

bool
program_start(struct program *program, const char *bin, const char *config, const char *const *arguments,
              char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX + 64], parent[16];
    const char *all[PROGRAM_ARGUMENTS_MAX + 6] = {path, "--config", config, "--parent", parent};
    int failed;

    for (size_t i = 0; arguments[i]; i++)
        all[5 + i] = arguments[i];
    snprintf(path, sizeof(path), "%s/jineng-%s", bin, program->service);
    snprintf(parent, sizeof(parent), "%d", (int)getpid());
    program->began_ms = program_now_ms();
    /* The arguments are not written to: exec's type is older than const. */
    failed = spawn(program, (char *const *)(uintptr_t)all);
    if (!failed)
        return true;
    program->pid = 0;
    snprintf(error, JN_CONFIG_ERROR, "%.300s: %.100s: name the programs' folder with --bin", path, strerror(failed));
    return false;
}

static void
end(struct program *program)
{
    kill(program->pid, SIGTERM);
    waitpid(program->pid, &program->status, 0);
    program->pid = 0;
}

bool
program_wait(struct program *program, int64_t wait_ms)
{
    const int64_t began = program_now_ms();

    while (program->pid > 0) {
        pid_t ended = waitpid(program->pid, &program->status, WNOHANG);

        if (ended == program->pid)
            break;
        if (interrupted) {
            end(program);
            return false;
        }
        if (wait_ms >= 0 && program_now_ms() - began >= wait_ms)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000}, NULL);
    }
    if (program->pid > 0)
        program->took_ms = program_now_ms() - program->began_ms;
    program->pid = 0;
    return true;
}

const char *
program_line(FILE *out, const char *word, char *line, size_t size)
{
    size_t length = strlen(word);

    while (fgets(line, (int)size, out)) {
        line[strcspn(line, "\n")] = '\0';
        if (!strncmp(line, word, length) && line[length] == ' ')
            return line + length + 1;
    }
    return NULL;
}

uint64_t
program_figure(const char *line, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = line; (at = strstr(at, name)); at += length)
        if ((at == line || at[-1] == ' ') && at[length] == '=')
            return strtoull(at + length + 1, NULL, 10);
    return 0;
}

/* The last line of what it said to standard error. */
static void
last_words(const struct program *program, char *text, size_t size)
{
    char path[sizeof(program->out) + 8], line[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s.err", program->out);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line)
            snprintf(text, size, ": %s", line);
    }
    if (file)
        fclose(file);
}

const char *
program_fault(const struct program *program, char text[JN_CONFIG_ERROR])
{
    char words[310] = "";

    if (WIFEXITED(program->status) && WEXITSTATUS(program->status) <= 1)
        return NULL;
    last_words(program, words, sizeof(words));
    if (WIFSIGNALED(program->status))
        snprintf(text, JN_CONFIG_ERROR, "jineng-%s was ended by signal %d (%s)%s", program->service,
                 WTERMSIG(program->status), strsignal(WTERMSIG(program->status)), words);
    else
        snprintf(text, JN_CONFIG_ERROR, "jineng-%s left with %d%s", program->service, WEXITSTATUS(program->status),
                 words);
    return text;
}
