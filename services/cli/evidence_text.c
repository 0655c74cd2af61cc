/* What evidence says, in both languages. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/ledger.pb-c.h"
#include "runtime/feed.h"
#include "runtime/json.h"

#define LABEL_COLUMNS 22

static void
label(const char *en, const char *zh)
{
    char text[80];

    snprintf(text, sizeof(text), "%s %s", en, zh);
    fputs("  ", stdout);
    suite_column(text, LABEL_COLUMNS);
}

/* What a stranger's file says must not move the cursor. */
static void
print_text(const char *en, const char *zh, const char *text)
{
    label(en, zh);
    for (const char *c = text; *c; c++)
        putchar((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
    putchar('\n');
}

void
evidence_print_number(const char *en, const char *zh, uint64_t number)
{
    label(en, zh);
    printf("%" PRIu64 "\n", number);
}

void
evidence_print_hex(const char *en, const char *zh, const ProtobufCBinaryData *bytes)
{
    label(en, zh);
    for (size_t i = 0; i < bytes->len; i++)
        printf("%02x", bytes->data[i]);
    putchar('\n');
}

static void
print_moment(int64_t time_ms)
{
    char text[DATE_TIME_TEXT];

    label("time", "时间");
    /* Whatever a stranger's file says. */
    if (time_ms < 0 || time_ms > JN_TIME_MAX_MS) {
        printf("%" PRId64 " ms\n", time_ms);
        return;
    }
    printf("%s (UTC+8)\n", date_time_format(time_ms, text));
}

void
evidence_print_head(const Proof__Head *head)
{
    print_text("service", "服务", head->service);
    evidence_print_hex("log", "日志", &head->log);
    evidence_print_number("block", "区块", head->block);
    print_moment(head->time_ms);
    evidence_print_hex("hash (SM3)", "摘要", &head->hash);
    evidence_print_hex("history", "历史", &head->history);
}

/* ---- Payments ---- */

static void
print_paid_row(const Ledger__PaidRow *row)
{
    char amount[MONEY_TEXT];

    label("claim", "补贴");
    printf("%" PRIu64 ": %s yuan 元, %s %s, %s %s\n", row->claim, money_format(row->amount_fen, amount),
           word_name(&words_funds, (int)row->fund), word_zh(&words_funds, (int)row->fund),
           word_name(&words_items, (int)row->item), word_zh(&words_items, (int)row->item));
}

/* Rows of a payment batch: who is told of one claim need not be told of the others, but the record is proven as a
 * whole. */
static bool
print_paid(const Ledger__Paid *paid, uint64_t claim)
{
    size_t shown = 0;
    char day[DATE_TEXT];

    print_text("paid", "已支付", date_format(paid->day, day));
    for (size_t i = 0; i < paid->n_rows; i++) {
        if (claim && paid->rows[i]->claim != claim)
            continue;
        print_paid_row(paid->rows[i]);
        shown++;
    }
    if (claim && !shown) {
        suite_say("NOT PROVEN: the record is a payment, but not of claim %" PRIu64
                  "\n        未证明：该记录并非补贴 %" PRIu64 " 的支付",
                  claim, claim);
        return false;
    }
    if (shown < paid->n_rows)
        printf("  the record also holds %zu other claims of the batch  同一记录还有该批次的另外 %zu 笔\n",
               paid->n_rows - shown, paid->n_rows - shown);
    return true;
}

/* ---- Any event ---- */

/* The field that is set in the service's Event, and its message; NULL where this program does not know it. */
static const void *
event_of(const char *service, const Envelope__Record *record, struct jn_arena *arena,
         const ProtobufCFieldDescriptor **field)
{
    const struct contract *contract = contract_find(service);
    const void *event, *message;
    uint32_t type;

    if (!contract)
        return NULL;
    event = protobuf_c_message_unpack(contract->event, &arena->allocator, record->event.len, record->event.data);
    if (!event)
        return NULL;
    memcpy(&type, (const uint8_t *)event + contract->event->fields[0].quantifier_offset, sizeof(type));
    *field = protobuf_c_message_descriptor_get_field(contract->event, type);
    if (!*field)
        return NULL;
    memcpy(&message, (const uint8_t *)event + (*field)->offset, sizeof(message));
    return message;
}

static void
print_json(const void *message)
{
    json_t *json = jn_json_of(message);

    label("content", "内容");
    if (json)
        json_dumpf(json, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(json);
    putchar('\n');
}

bool
evidence_print_proven(const Proof__Proof *proof, const struct jn_proven *proven, uint64_t claim)
{
    const ProtobufCFieldDescriptor *field = NULL;
    const void *message;
    struct jn_arena arena;
    bool good = true;

    jn_arena_open(&arena, EVIDENCE_ARENA);
    message = event_of(proof->service, proven->record, &arena, &field);
    print_text("service", "服务", proof->service);
    evidence_print_hex("log", "日志", &proven->header->log);
    label("block", "区块");
    printf("%" PRIu64 ", record 记录 %" PRIu32 ", under the head of block 签名头区块 %" PRIu64 "\n",
           proven->header->number, proof->index, proof->head);
    print_moment(proven->record->time_ms);
    print_text("event", "事件", field ? field->name : "(of a type not known here 类型未知)");
    if (message && ((const ProtobufCMessage *)message)->descriptor == &ledger__paid__descriptor) {
        good = print_paid(message, claim);
    } else {
        if (message)
            print_json(message);
        if (claim)
            suite_say("NOT PROVEN: the record is no payment\n        未证明：该记录不是支付");
        good = claim == 0;
    }
    jn_arena_close(&arena);
    return good;
}
