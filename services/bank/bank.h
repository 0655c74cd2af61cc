/* What is exchanged with the bank (开户银行) in files: orders go out, answers come in.
 *
 *   order     支付指令   pain.001.001.09, or the bank's CSV
 *   answer    回单       pain.002.001.10 (a status a row), camt.053.001.08 (a statement, 对账单), or the CSV with its
 * results
 *
 * Text in memory is UTF-8, in files UTF-8 or GBK. Amounts are fen of CNY and were never anything else. Nothing here
 * keeps state, reads a clock or knows the ledger: who calls says what the ledger holds. What is given lives in the
 * arena. */
#ifndef BANK_BANK_H
#define BANK_BANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/arena.h"

/* A file, its rows, and what stands in one of its fields at most. 20,000 rows take some 4 MiB. */
#define BANK_FILE_BYTES_MAX ((size_t)8 << 20)
#define BANK_ROWS_MAX       20000
#define BANK_FIELD_MAX      560
/* What an arena must hold for one file, its text in UTF-8 among it. */
#define BANK_MEMORY_BYTES ((size_t)64 << 20)

enum bank_format { BANK_PAIN001, BANK_PAIN002, BANK_CAMT053, BANK_CSV };
enum bank_encoding { BANK_ENCODING_ANY, BANK_UTF8, BANK_GBK };

struct bank_bytes {
    const char *bytes; /* of a text in memory, a NUL stands behind it */
    size_t length;
};

/* ---- What goes wrong: a named class, and what a person does next ---- */

enum bank_class {
    BANK_CLASS_NONE,
    /* Of what is to be sent. */
    BANK_UNPAYABLE, /* a row that no bank could pay */
    BANK_NOT_IN_GBK,
    /* Of a file that came: the first three refuse it whole. */
    BANK_MALFORMED,
    BANK_WRONG_ENCODING,
    BANK_WRONG_TOTAL,
    BANK_WRONG_CURRENCY,
    BANK_WRONG_BATCH,
    BANK_UNKNOWN_ROW,
    BANK_AMOUNT_DIFFERS,
    BANK_DOUBLE_DEBIT,
    BANK_RETURNED,
    BANK_CONTRADICTS,
    BANK_UNCLEAR,
    BANK_CLASSES
};

struct bank_class_words {
    const char *name;              /* "wrong-total" */
    const char *en, *zh;           /* what it is */
    const char *next_en, *next_zh; /* what to do now */
};
extern const struct bank_class_words bank_classes[BANK_CLASSES];

/* No name and no account is ever in it. */
struct bank_fault {
    enum bank_class class;
    size_t line;                  /* of the file, from 1; 0: none */
    uint64_t batch, claim;        /* where `row` */
    bool row;                     /* it concerns this row of that batch; else the file */
    const char *what;             /* an element, a column, or a sentence in both languages; "" */
    char found[48], expected[48]; /* amounts, counts, codes; "" */
};

struct bank_faults {
    struct bank_fault *list;
    size_t count, room;
};
#define BANK_FAULTS_MAX 5000
/* Adds one, zeroed but for its class; what is past the limit is written over the last. */
struct bank_fault *bank_fault_add(struct jn_arena *arena, struct bank_faults *faults, enum bank_class class);
/* Copies what may be shown: what is neither letter, digit nor one of ".+-_:/ " becomes a question mark. */
void bank_fault_show(char out[48], const char *text);
/* Both as money. */
void bank_fault_amounts(struct bank_fault *fault, int64_t found_fen, int64_t expected_fen);
void bank_fault_counts(struct bank_fault *fault, uint64_t found, uint64_t expected);

/* ---- Text: text.c ---- */

/* The bytes of a file as UTF-8 without a mark, or NULL with the fault. ANY: UTF-8 where it is that, else GBK; *encoding
 * then says which. */
const struct bank_bytes *bank_text_decode(struct jn_arena *arena, struct bank_bytes file, enum bank_encoding *encoding,
                                          struct bank_fault *fault);
/* NULL with BANK_NOT_IN_GBK, naming the line and the character's number. */
const struct bank_bytes *bank_text_encode(struct jn_arena *arena, struct bank_bytes text, enum bank_encoding encoding,
                                          struct bank_fault *fault);
/* The number of characters; SIZE_MAX where it is no UTF-8, or holds what steers: control characters, line ends, what
 * XML may not hold. */
size_t bank_text_characters(const char *text);
/* Cuts to so many bytes, between characters. */
void bank_text_cut(char *text, size_t bytes);
/* Takes half a character away from the end, where a buffer had no more room. */
void bank_text_trim(char *text);

/* ---- References: reference.c ---- */

/* "JN-12" names batch 12, in the message id; "JN-12-345" its claim 345, in the end-to-end id ("JN-12-0": the batch is
 * an advance; "JN-12-G345": the instalment 345 of a grant). At most 35 characters, as long as both numbers are below
 * 10^15. A row is named by a claim's number; with this bit it is an instalment's. */
#define BANK_GRANT      (UINT64_C(1) << 62)
#define BANK_REFERENCE  36
#define BANK_NUMBER_MAX UINT64_C(999999999999999)
void bank_reference_message(uint64_t batch, char out[BANK_REFERENCE]);
void bank_reference_row(uint64_t batch, uint64_t claim, char out[BANK_REFERENCE]);
bool bank_reference_message_read(const char *text, uint64_t *batch);
bool bank_reference_row_read(const char *text, uint64_t *batch, uint64_t *claim);

/* "1234.5", "1234.50", "1234.50000" -> 123450; never rounded: false where a fen would be cut, and for signs, blanks and
 * exponents. */
bool bank_amount_read(const char *text, int64_t *fen);
/* Digits alone, at most 15. */
bool bank_count_read(const char *text, uint64_t *count);

/* ---- Orders: order.c ---- */

struct bank_party {
    const char *name, *account;
    const char *bank; /* the 12-digit line number (行号), or its name, or "" */
};

struct bank_payment {
    uint64_t claim;
    int64_t amount_fen; /* 1 to MONEY_FEN_MAX */
    struct bank_party payee;
    const char *purpose; /* 用途; "": the general one */
};

/* A payment batch for the bank; 2.12-a. */
struct bank_order {
    uint64_t batch;
    int32_t day; /* the batch's: all dates in the file */
    struct bank_party payer;
    struct bank_payment *rows;
    size_t rows_count;
    int64_t total_fen; /* the sum of the rows */
};

/* Sums up the rows. False with a fault for each row that no bank could pay: no name or account, an amount of nothing, a
 * text that is too long or no text, a claim twice. */
bool bank_order_check(struct jn_arena *arena, struct bank_order *order, struct bank_faults *faults);
/* The same order makes the same file, byte for byte. The order was checked. NULL with the fault. */
const struct bank_bytes *bank_order_write(struct jn_arena *arena, const struct bank_order *order,
                                          enum bank_format format, enum bank_encoding encoding,
                                          struct bank_fault *fault);
/* What bank_order_write has written; NULL with the fault. */
struct bank_order *bank_order_read(struct jn_arena *arena, struct bank_bytes file, enum bank_format *format,
                                   struct bank_fault *fault);

/* ---- Why a row was not paid: reason.c ---- */

enum bank_standing {
    BANK_PENDING, /* no word yet: it stays open */
    BANK_PAID,
    BANK_FAILED,
    BANK_SENT_BACK, /* it had been paid, and came back (退汇) */
};

struct bank_reason {
    const char *code; /* of ISO 20022's external code lists */
    const char *en, *zh;
};
extern const struct bank_reason bank_reasons[];
extern const size_t bank_reasons_count;
/* NULL where we have no sentence for it. */
const struct bank_reason *bank_reason_find(const char *code);
/* What the ledger keeps of it: "AC04 收款账户已销户 (the account is closed): the bank's own words", in 1 to 120 bytes.
 * The payee's name and account, and long numbers, are struck out of the bank's words. */
#define BANK_REASON_BYTES 121
void bank_reason_text(char out[BANK_REASON_BYTES], const char *code, const char *words, const struct bank_party *payee);
/* A status of pain.002. False where it is none that we know. */
bool bank_status_read(const char *code, enum bank_standing *standing);

/* ---- Answers: answer.c ---- */

struct bank_row {
    size_t line;
    uint64_t batch, claim;
    enum bank_standing standing;
    int64_t amount_fen;       /* -1: not said */
    const char *code, *words; /* why, in the bank's code and words; "" */
    const char *booking;      /* the bank's reference (记账流水) of the debit or credit; "" where it gives none */
};

/* Of one row, debits or credits. */
#define BANK_BOOKINGS_MAX  8
#define BANK_BOOKING_BYTES 64
struct bank_bookings {
    const char *list[BANK_BOOKINGS_MAX];
    size_t count;
};

struct bank_answer {
    enum bank_format format;
    enum bank_encoding encoding;
    bool simulated; /* it says that it is the simulated bank's: nothing for a ledger in production */
    uint64_t batch; /* that all of it is about; 0: a statement, whose rows say so themselves */
    /* What it says of the order that it answers; -1: nothing. */
    int64_t count, total_fen;
    /* What it says of all rows that it does not name. */
    enum bank_standing rest;
    const char *rest_code, *rest_words;
    struct bank_row *rows;
    size_t rows_count, rows_room;
    struct bank_faults faults; /* rows that cannot be used */
    /* Movements of the account that are no payments of ours. */
    size_t others_count;
    int64_t others_in_fen, others_out_fen;
};

/* The file's format is found by its content. NULL with the fault where it cannot be trusted: malformed, wrong-encoding,
 * wrong-total, wrong-currency or wrong-batch throughout. */
struct bank_answer *bank_answer_read(struct jn_arena *arena, struct bank_bytes file, enum bank_encoding encoding,
                                     struct bank_fault *fault);
/* The batches that it speaks of, each once; their number. */
size_t bank_answer_batches(struct jn_arena *arena, const struct bank_answer *answer, uint64_t **batches);

/* ---- Held against the ledger: reconcile.c ---- */

enum bank_state { BANK_OPEN, BANK_WAS_PAID, BANK_WAS_FAILED };

struct bank_known {
    uint64_t claim;
    int64_t amount_fen; /* what the bank was to send; 0: nothing (the payee had it all as an advance) */
    enum bank_state state;
    struct bank_party payee;
    struct bank_bookings booked, returned; /* debits and credits of it that the ledger knows */
};

struct bank_batch {
    uint64_t batch;
    const struct bank_known *rows;
    size_t rows_count;
};

struct bank_offer {
    uint64_t claim;
    bool paid;
    bool undecided;                 /* neither: the bank has named it, and not decided */
    char reason[BANK_REASON_BYTES]; /* where not paid; "" where the bank says nothing of what it has not decided */
    const char *code, *words;       /* the same, as the bank has it */
    struct bank_bookings booked, returned; /* those that are new */
};

struct bank_reconciled {
    bool refused; /* wrong-total: nothing of this batch is offered */
    struct bank_offer *offers;
    size_t offers_count;
    /* What moves no money, and the ledger should hear: rows that the bank names and has not decided, and what
     * contradicts the books, which it will refuse and list. */
    struct bank_offer *told;
    size_t told_count;
    int64_t paid_fen, failed_fen; /* of the offers */
    size_t known;                 /* recorded before, and the same */
    size_t pending;               /* stay open */
    struct bank_faults faults;
};

/* What the answer brings for one batch that the ledger holds; the same each time. */
void bank_reconcile(struct jn_arena *arena, const struct bank_answer *answer, const struct bank_batch *batch,
                    struct bank_reconciled *out);

/* ---- The simulated bank, for rehearsal: simulate.c ---- */

struct bank_simulation {
    enum bank_format format; /* of the answer: PAIN002, CAMT053 or CSV */
    enum bank_encoding encoding;
    uint64_t seed;         /* 0: all is paid; else some rows fail for each reason in turn, and some are pending */
    bool settled;          /* with the same seed: what was pending is paid */
    bool later;            /* a later statement, of the faulty row alone */
    enum bank_class fault; /* one of the classes of files that came, put in; or none */
};

/* NULL with a sentence where the format cannot say such a fault. */
const struct bank_bytes *bank_simulate(struct jn_arena *arena, const struct bank_order *order,
                                       const struct bank_simulation *simulation, const char **unfit);

#endif
