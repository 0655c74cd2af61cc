/* jineng help: the table of subcommands for people. */
#include <stdio.h>
#include <string.h>

#include "cli/suite.h"

const struct option help_options[] = {{NULL, 0, NULL, 0}};

static int
list(FILE *out)
{
    const bool chinese = suite_chinese();

    fputs(chinese ? "用法：jineng 子命令 [选项]\n\n" : "usage: jineng COMMAND [OPTIONS]\n\n", out);
    for (size_t i = 0; i < commands_count; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, chinese ? commands[i].zh : commands[i].en);
    fputs(chinese
              ? "\n数据目录：--data DIR，或环境变量 JINENG_DATA，否则为 ./data。详情：jineng help 子命令。\n"
                "退出码：0 成功，1 被拒绝或发现问题，2 用法错误，3 无应答，78 配置错误。\n"
              : "\nThe data folder: --data DIR, else $JINENG_DATA, else ./data. More: jineng help COMMAND.\n"
                "Exit codes: 0 done, 1 refused or something found, 2 not understood, 3 no answer, 78 configuration.\n",
          out);
    return CLI_OK;
}

int
help_command(int argc, char **argv)
{
    const struct command *command;

    if (argc < 2)
        return list(stdout);
    command = command_find(argv[1]);
    if (!command)
        return suite_usage("help", "there is no \"%s\"", argv[1]);
    printf("usage: jineng %s\n\n%s\n%s\n\n%s", command->usage, command->zh, command->en, command->details);
    return CLI_OK;
}
