/* jineng bank answer: the simulated bank, for rehearsal. */
#include "cli/bank/bank_command.h"

#include <inttypes.h>
#include <stdio.h>

static int
simulate(const struct bank_arguments *arguments, struct jn_arena *arena, const struct bank_order *order,
         enum bank_format order_format)
{
    struct bank_simulation simulation = arguments->simulation;
    const struct bank_bytes *bytes;
    const char *unfit = "";

    simulation.format = arguments->format_given    ? arguments->format
                        : order_format == BANK_CSV ? BANK_CSV
                                                   : BANK_PAIN002;
    bytes = bank_simulate(arena, order, &simulation, &unfit);
    if (!bytes)
        return suite_usage("bank", "%s", unfit);
    return bank_file_write(arguments->out, bytes);
}

int
bank_answer(const struct bank_arguments *arguments)
{
    enum bank_format format = BANK_CSV;
    struct bank_order *order;
    struct bank_fault fault;
    struct bank_bytes file;
    struct jn_arena arena;
    int code;

    if (!arguments->out || (arguments->format_given && arguments->format == BANK_PAIN001))
        return suite_usage("bank", "name the file with --out; an answer is pain002, camt053 or csv");
    jn_arena_open(&arena, 2 * BANK_MEMORY_BYTES);
    code = bank_file_read(arguments->what, &arena, &file);
    if (code == CLI_OK) {
        order = bank_order_read(&arena, file, &format, &fault);
        if (order) {
            code = simulate(arguments, &arena, order, format);
        } else {
            bank_print_fault(arguments, &fault);
            code = CLI_REFUSED;
        }
    }
    jn_arena_close(&arena);
    return code;
}
