/* Playing a campaign: a folder's sheets carried through the suite, each department acting with its own key. Shared by
 * the files of this folder. */
#ifndef CLI_PLAY_PLAY_H
#define CLI_PLAY_PLAY_H

#include "cli/campaign/campaign.h"
#include "runtime/arena.h"
#include "runtime/client.h"
#include "subsidy/policy/pack.h"

enum play_service { ENROLLMENT, CERTIFICATION, SUBSIDY, LEDGER, NOTIFICATION, PLAY_SERVICES };

/* Who acts. The departments that keep registers come first. */
enum play_agent {
    AGENT_ADMINISTRATION, /* human resources, administration: keeps the department's registers too */
    AGENT_EDUCATION,
    AGENT_VETERANS,
    AGENT_DISABLED,
    AGENT_AGRICULTURE,
    AGENT_CIVIL_AFFAIRS,
    PLAY_REGISTERS,
    AGENT_EMPLOYMENT = PLAY_REGISTERS,
    AGENT_APPRAISAL,
    AGENT_WOMENS,
    AGENT_EMERGENCY,
    AGENT_FINANCE,
    AGENT_OPERATOR,
    AGENT_CHECKER, /* finance's second key: releases what the first submits */
    PLAY_AGENTS
};

struct play_agent_facts {
    const char *name; /* in the configuration */
    int department;   /* common.Department; 0 for none */
    uint64_t kinds;   /* of its inbox: bit n is notification.Kind n; 0: it has none */
    uint32_t groups;  /* scope of its inbox: bit n is common.Group n; 0 is all */
    bool women;
};
extern const struct play_agent_facts play_agents[PLAY_AGENTS];

/* One class of steps: who calls what, and how the message is made from the campaign. */
struct play;
struct step {
    const char *name; /* part of the commands' identity: never changed */
    enum play_agent agent;
    enum play_service service;
    const char *method;
    /* The request message, in play->arena; NULL: nothing to send. */
    const void *(*build)(struct play *play, uint64_t index, uint32_t part);
    /* What the answer brings; NULL: nothing. */
    void (*answered)(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer);
    unsigned after; /* bit n: not before the service has read service n as far as this play has heard of it */
};

/* One message to be sent: what it is made of, and its number within (folder, step, day). */
struct task {
    const struct step *step;
    uint64_t index;
    uint32_t part;
    uint64_t sequence;
    int32_t day;
    enum play_agent agent; /* the step's, where it leaves it open */
    uint8_t tries;
    int64_t not_before_us;
};

struct tasks {
    struct task *list;
    size_t count, room;
};

struct play {
    const char *folder;
    struct jn_config *config;
    struct campaign *campaign;
    Policy__Pack *pack;
    uint8_t digest[CAMPAIGN_DIGEST_BYTES];
    struct jn_clients *clients;
    struct jn_client *client[PLAY_AGENTS][PLAY_SERVICES];
    struct jn_arena arena;
    uint32_t *by_key;   /* people in the order of their numbers */
    uint32_t *starting; /* classes in the order of their start */
    int32_t *days;      /* on which something is done, rising */
    size_t days_count;
    int32_t today;
    int32_t answered_through; /* classes that start before this day: their attestations are answered; 0 after a start */
    int32_t bank_day;         /* when the bank's results were last sent in */
    bool failed;
    char failure[512];
    size_t refused_rows; /* that the services refused though the sheets seemed good */
    uint64_t commands;
    uint64_t head[PLAY_SERVICES]; /* last known block of each log */
    bool quiet;                   /* no progress */
    bool leave_bank;              /* batches are left to jineng bank */
    bool bar;                     /* progress as a bar on a terminal */
    int64_t began_us, setup_us, played_us, clock_us, said_us;
};

/* ---- tasks.c ---- */
int64_t play_now_us(void);
void play_fail(struct play *play, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct jn_client *play_client(struct play *play, enum play_agent agent, enum play_service service);
void tasks_add(struct tasks *tasks, const struct step *step, uint64_t index, uint32_t part, int32_t day,
               uint64_t sequence);
void tasks_add_as(struct tasks *tasks, const struct step *step, enum play_agent agent, uint64_t index, uint32_t part,
                  int32_t day, uint64_t sequence);
/* Sends all, many in flight, those of one agent to one service in order; waits until each was done. Empties the list.
 * False where play->failed. */
bool tasks_run(struct play *play, struct tasks *tasks);
/* One query or command of the runtime, waited for. */
bool play_ask(struct play *play, enum play_agent agent, enum play_service service, const char *method,
              const void *request, struct jn_answer *answer);
/* Zeroed memory of the message under way, and copies of texts in it. */
void *play_take(struct play *play, size_t bytes);
char *play_text(const char *text);
void play_outcomes(struct play *play, const char *what, size_t count, Common__Outcome **refused);

/* ---- clock.c ---- */

/* The heads of the services in a set (bit n), as cursors; returns their number. */
size_t play_heads(const struct play *play, unsigned services, Envelope__Cursor list[PLAY_SERVICES],
                  Envelope__Cursor *cursors[PLAY_SERVICES]);
/* Every service answers; what does not is named at once, and waited for. */
bool clock_reach(struct play *play);
bool clock_standing(struct play *play, int64_t *earliest_ms);
bool clock_advance(struct play *play, int64_t to_ms);
/* The same as tasks, to be run with others: what belongs to a day is held by each service until its clock stands there.
 */
void clock_add(struct tasks *tasks, int64_t to_ms);
/* Every cursor stands at its upstream's head and nothing new was emitted. */
bool clock_quiet(struct play *play);
/* One service has read each upstream (bit n is service n) as far as this play has heard of it. */
bool clock_await(struct play *play, enum play_service service, unsigned upstreams);
/* The next timer of any service; 0 where none is set. */
int64_t clock_next_timer(struct play *play);

/* ---- opening.c, ending.c: what a class's first and last day bring ---- */

/* Rows of a message; parts of a class's commands, whose numbers leave room for so many. */
#define PLAY_ROWS  200
#define PLAY_PARTS 1024
/* What fills a class, and what closes it up: the second is sent when all of the first is done, since a message that had
 * to be sent again would else come too late. */
void opening_fill(struct play *play, struct tasks *tasks, uint32_t class_, int32_t day);
void opening_close(struct play *play, struct tasks *tasks, uint32_t class_, int32_t day);
void ending_fill(struct play *play, struct tasks *tasks, uint32_t class_, int32_t day);
void ending_close(struct play *play, struct tasks *tasks, uint32_t class_, int32_t day);

/* ---- intake.c ---- */
/* The sheets, whole; nothing else is touched. */
bool intake_read(struct play *play);
/* What was begun is gone on with, another campaign is refused; so is one that begins before the clock. Then
 * rejected.csv. */
bool intake_claim(struct play *play, int64_t clock_ms);

/* ---- review.c ---- */
/* What was settled of classes (places in the order of settling) is confirmed and reviewed, as the pack says. */
bool review_day(struct play *play, uint32_t first, uint32_t count, int32_t day);

/* ---- setup.c, day.c, departments.c, bank.c, report.c ---- */
bool setup_run(struct play *play);
bool day_run(struct play *play, int32_t day);
bool day_finish(struct play *play); /* after the last: notices run out, the bank pays, inboxes fill */
bool departments_answer(struct play *play);
bool bank_pays(struct play *play, size_t *paid);
int report_print(struct play *play, bool json);

#endif
