/* jineng play: a folder's campaign, from the appropriation to the settled payment and the departments' inboxes. */
#include "cli/play/play.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/suite.h"
#include "domain/date.h"

const struct option play_options[] = {{"data", required_argument, NULL, 'd'}, {"json", no_argument, NULL, 'j'},
                                      {"pack", required_argument, NULL, 'p'}, {"quiet", no_argument, NULL, 'q'},
                                      {"leave-bank", no_argument, NULL, 'b'}, {NULL, 0, NULL, 0}};

#define ARENA_CAP    ((size_t)64 << 20)
#define SAY_EVERY_US 5000000
#define BAR_EVERY_US 200000

/* ---- What is to be done on which day ---- */

static const struct campaign *sorting;

static int
by_start(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int32_t from = sorting->classes[x].start_day, to = sorting->classes[y].start_day;

    return from != to ? (from < to ? -1 : 1) : x < y ? -1 : x > y;
}

static int
by_id(const void *a, const void *b)
{
    return strcmp(sorting->people[*(const uint32_t *)a].id, sorting->people[*(const uint32_t *)b].id);
}

static int
by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return x < y ? -1 : x > y;
}

static uint32_t *
sorted(uint32_t count, int (*order)(const void *, const void *))
{
    uint32_t *list = calloc((size_t)count + 1, sizeof(*list));

    JN_ASSERT(list);
    for (uint32_t i = 0; i < count; i++)
        list[i] = i;
    qsort(list, count, sizeof(*list), order);
    return list;
}

static void
plan_days(struct play *play)
{
    const struct campaign *c = play->campaign;
    size_t count = 0;

    sorting = c;
    play->starting = sorted(c->classes_count, by_start);
    play->by_key = sorted(c->people_count, by_id);
    play->days = calloc(2 * (size_t)c->classes_count + c->appropriations_count + 1, sizeof(*play->days));
    JN_ASSERT(play->days);
    for (uint32_t i = 0; i < c->classes_count; i++) {
        play->days[count++] = c->classes[i].start_day;
        play->days[count++] = c->classes[i].end_day;
    }
    for (uint32_t i = 0; i < c->appropriations_count; i++)
        play->days[count++] = c->appropriations[i].day;
    qsort(play->days, count, sizeof(*play->days), by_day);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || play->days[i] != play->days[i - 1])
            play->days[play->days_count++] = play->days[i];
    }
}

/* ---- Progress ---- */

static void
say_progress(struct play *play, size_t done, const char *what)
{
    int64_t now = play_now_us();
    char date[DATE_TEXT];
    int filled = (int)(play->days_count ? done * 30 / play->days_count : 30);

    if (play->quiet || now - play->said_us < (play->bar ? BAR_EVERY_US : SAY_EVERY_US))
        return;
    play->said_us = now;
    if (play->bar)
        fprintf(stderr, "\r[%-30.*s] %s %s  %llu messages ", filled, "##############################", what,
                date_format(play->today, date), (unsigned long long)play->commands);
    else
        fprintf(stderr, "jineng play: %s %s, day %zu of %zu, %llu messages, %lld s\n", what,
                date_format(play->today, date), done, play->days_count, (unsigned long long)play->commands,
                (long long)(now - play->began_us) / 1000000);
}

/* "12.34" */
static char *
seconds(int64_t us, char buf[32])
{
    snprintf(buf, 32, "%lld.%02lld", (long long)us / 1000000, (long long)us / 10000 % 100);
    return buf;
}

static void
say_done(struct play *play)
{
    int64_t played_us = play_now_us() - play->began_us;
    char played[32], setup[32], clock[32];

    if (play->bar)
        fprintf(stderr, "\r%78s\r", "");
    fprintf(stderr,
            "jineng play: trainings=%u days=%zu messages=%llu seconds=%s trainings_per_second=%lld setup_seconds=%s "
            "clock_seconds=%s\n",
            play->campaign->roster_count, play->days_count, (unsigned long long)play->commands,
            seconds(played_us, played),
            (long long)play->campaign->roster_count * 1000000 / (played_us > 0 ? played_us : 1),
            seconds(play->setup_us, setup), seconds(play->clock_us, clock));
}

/* ---- The whole ---- */

static bool
play_through(struct play *play)
{
    int64_t clock_ms;
    size_t from = 0;

    if (!intake_read(play) || !clock_reach(play) || !clock_standing(play, &clock_ms))
        return false;
    plan_days(play);
    if (!intake_claim(play, clock_ms))
        return false;
    /* Days before the clock's are behind us: the clock moves on when a day's work is done, never before. */
    while (from < play->days_count && date_to_ms(play->days[from]) < clock_ms)
        from++;
    if (from > 0 && (from == play->days_count || date_to_ms(play->days[from]) > clock_ms))
        from--;
    if (from == 0 && !setup_run(play))
        return false;
    play->setup_us = play_now_us() - play->began_us;
    for (size_t i = from; i < play->days_count; i++) {
        play->today = play->days[i];
        say_progress(play, i, "day");
        if (!day_run(play, play->days[i]))
            return false;
    }
    return day_finish(play);
}

static void
play_close(struct play *play)
{
    jn_arena_close(&play->arena);
    free(play->days);
    free(play->by_key);
    free(play->starting);
    if (play->campaign)
        campaign_free(play->campaign);
    if (play->pack)
        pack_free(play->pack);
}

static int
play_run(struct play *play, bool json)
{
    bool well = play_through(play);
    int code = CLI_REFUSED;

    if (well)
        say_done(play);
    if (well)
        code = report_print(play, json);
    if (play->failed)
        fprintf(stderr, "%sjineng play: %s\n", play->bar ? "\n" : "", play->failure);
    if (play->refused_rows > 0) {
        fprintf(stderr, "jineng play: %zu rows that the sheets' check let pass were refused by a service\n",
                play->refused_rows);
        code = CLI_REFUSED;
    }
    return code;
}

/* The pack that the installation brings: beside the sources, or under share/. */
static Policy__Pack *
find_pack(const char *named, char *fault, size_t size)
{
    static const char *const places[] = {"../share/jineng/policy/shijiazhuang-2019.yaml",
                                         "../../deploy/policy/shijiazhuang-2019.yaml",
                                         "../deploy/policy/shijiazhuang-2019.yaml"};
    char self[JN_PATH_MAX], path[JN_PATH_MAX + 128];
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (named)
        return pack_load(named, fault, size);
    self[length > 0 ? length : 0] = '\0';
    for (size_t i = 0; strrchr(self, '/') && i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(path, sizeof(path), "%.*s/%s", (int)(strrchr(self, '/') - self), self, places[i]);
        if (access(path, R_OK) == 0)
            return pack_load(path, fault, size);
    }
#ifdef JN_PACK
    if (access(JN_PACK, R_OK) == 0)
        return pack_load(JN_PACK, fault, size);
#endif
    snprintf(fault, size, "no policy pack is found beside this program; name one with --pack FILE");
    return NULL;
}

int
play_command(int argc, char **argv)
{
    static struct play play;
    const char *data = NULL, *pack = NULL;
    char fault[600];
    struct suite *suite;
    bool json = false;
    int option, code;

    while ((option = getopt_long(argc, argv, "", play_options, NULL)) != -1) {
        if (option == 'd')
            data = optarg;
        else if (option == 'p')
            pack = optarg;
        else if (option == 'j')
            json = true;
        else if (option == 'q')
            play.quiet = true;
        else if (option == 'b')
            play.leave_bank = true;
        else
            return CLI_USAGE;
    }
    if (optind + 1 != argc)
        return suite_usage("play", "name the campaign's folder");
    code = suite_open(&suite, data ? data : suite_data());
    if (code != CLI_OK)
        return code;
    play.folder = argv[optind];
    play.config = &suite->config;
    play.clients = suite->clients;
    play.bar = !play.quiet && isatty(STDERR_FILENO);
    play.began_us = play_now_us();
    jn_arena_open(&play.arena, ARENA_CAP);
    play.pack = find_pack(pack, fault, sizeof(fault));
    if (!play.pack) {
        suite_say("%s", fault);
        code = CLI_CONFIGURATION;
    } else {
        code = play_run(&play, json);
    }
    play_close(&play);
    suite_close(suite);
    return code;
}
