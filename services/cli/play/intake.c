/* The folder that a data folder plays: read, taken for this data folder's own, its unusable rows listed. */
#include "cli/play/play.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/items.h"
#include "domain/date.h"
#include "runtime/files.h"

#define CLAIM_TEXT (2 * CAMPAIGN_DIGEST_BYTES + 2) /* the digest in hex, a line end */

static const char *
standard_fault(void *context, int item, int level, int64_t figure)
{
    static char text[400];

    return pack_standard_fault(context, item, (uint32_t)level, figure, text, sizeof(text));
}

static int
own_item(void *context, const char *name)
{
    const Policy__Pack *pack = context;

    for (size_t i = 0; i < pack->n_items; i++)
        if (!strcmp(pack->items[i]->name, name) || !strcmp(pack->items[i]->zh, name))
            return (int)pack->items[i]->number;
    return 0;
}

static const char *
reference_asked(void *context, const char *name)
{
    const Policy__Pack *pack = context;

    for (size_t i = 0; i < pack->n_references; i++)
        if (!strcmp(pack->references[i]->name, name))
            return pack->references[i]->name;
    return NULL;
}

static void
fail_stopped(struct play *play, const struct campaign_stop *stop)
{
    char line[32] = "";

    if (stop->line)
        snprintf(line, sizeof(line), ", line %u", stop->line);
    play_fail(play, "%s%s%s%s%s%s: %s", play->folder, *stop->file ? "/" : "", stop->file, line,
              *stop->column ? ", column " : "", stop->column, stop->reason);
}

bool
intake_read(struct play *play)
{
    const struct campaign_options options = {play->config->city, standard_fault, play->pack, own_item, reference_asked};
    struct campaign_stop stop = {0};

    items_learn(play->pack->items, play->pack->n_items);

    play->campaign = campaign_read(play->folder, &options, &stop);
    if (!play->campaign) {
        fail_stopped(play, &stop);
        return false;
    }
    campaign_digest(play->campaign, play->digest);
    return true;
}

/* ---- One campaign a data folder ---- */

static bool
fail_file(struct play *play, const char *path, const char *what)
{
    play_fail(play, "%s cannot be %s: %s", path, what, strerror(errno));
    return false;
}

/* Two would ask about what the other has finished. The lock is held until this program ends, however it does. */
static bool
take_turn(struct play *play)
{
    char path[JN_PATH_MAX + 32];
    int fd;

    snprintf(path, sizeof(path), "%s/play.lock", play->config->data);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_file(play, path, "opened");
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    play_fail(play, "another jineng play is at work on %s: let it finish", play->config->data);
    close(fd);
    return false;
}

/* "" where nobody has claimed the data folder yet. */
static bool
read_claim(struct play *play, const char *path, char found[CLAIM_TEXT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    memset(found, 0, CLAIM_TEXT);
    if (fd < 0)
        return errno == ENOENT || fail_file(play, path, "read");
    length = read(fd, found, CLAIM_TEXT - 1);
    close(fd);
    return length >= 0 || fail_file(play, path, "read");
}

/* Whole or not at all: whoever is killed on the way must not leave an empty claim, which nobody could honour. */
static bool
write_claim(struct play *play, const char *path, const char *text)
{
    char beside[JN_PATH_MAX + 40];
    bool good;
    int fd;

    snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
    fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return fail_file(play, beside, "written");
    good = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
    good = close(fd) == 0 && good && link(beside, path) == 0 && jn_files_sync_dir(play->config->data);
    if (!good)
        fail_file(play, path, "written");
    unlink(beside);
    return good;
}

/* The clock only goes forward: a day that it has passed could not be played, and nobody would miss it in the totals. */
static bool
clock_allows(struct play *play, int64_t clock_ms)
{
    char stands[DATE_TEXT], first[DATE_TEXT];

    if (play->days_count == 0 || clock_ms <= date_to_ms(play->days[0]))
        return true;
    play_fail(play,
              "the suite's clock stands at %s%s, and the campaign begins on %s: play it in a fresh data folder, "
              "jineng up --data DIR --init --driven --start %s",
              date_format(date_of_ms(clock_ms), stands), play->config->driven_clock ? "" : " and is not driven",
              date_format(play->days[0], first), first);
    return false;
}

bool
intake_claim(struct play *play, int64_t clock_ms)
{
    char path[JN_PATH_MAX + 32], mine[CLAIM_TEXT] = "", found[CLAIM_TEXT];

    for (size_t i = 0; i < CAMPAIGN_DIGEST_BYTES; i++)
        snprintf(mine + 2 * i, 3, "%02x", play->digest[i]);
    mine[CLAIM_TEXT - 2] = '\n';
    snprintf(path, sizeof(path), "%s/campaign", play->config->data);
    if (!take_turn(play) || !read_claim(play, path, found))
        return false;
    if (*found && strcmp(found, mine) != 0) {
        play_fail(
            play,
            "%s already holds another campaign, or this folder's sheets have changed since; use a fresh data folder",
            play->config->data);
        return false;
    }
    if (!*found && !(clock_allows(play, clock_ms) && write_claim(play, path, mine)))
        return false;
    snprintf(path, sizeof(path), "%s/rejected.csv", play->config->data);
    return campaign_write_rejected(play->campaign, path) || fail_file(play, path, "written");
}
