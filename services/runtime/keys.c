/* Key pairs in files: two lines of Z85, the public one first, for nobody's eyes but their owner's. */
#include "runtime/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zmq.h>

#define Z85_LENGTH  40
#define FILE_LENGTH (2 * (Z85_LENGTH + 1))

static bool
key_path(const char *data, const char *name, char path[JN_PATH_MAX], char error[JN_CONFIG_ERROR])
{
    int length = snprintf(path, JN_PATH_MAX, "%s/keys/%s.key", data, name);

    if (length > 0 && length < JN_PATH_MAX && *name && !strchr(name, '/'))
        return true;
    snprintf(error, JN_CONFIG_ERROR, "the key's name is empty, too long or has a slash: give an agency's name");
    return false;
}

static bool
fault(char error[JN_CONFIG_ERROR], const char *path, const char *what)
{
    snprintf(error, JN_CONFIG_ERROR, "%.300s: %.200s", path, what);
    return false;
}

/* The text of an open file, exactly as long as a key pair's. */
static bool
read_text(int fd, char text[FILE_LENGTH])
{
    size_t have = 0;
    char more;

    while (have < FILE_LENGTH) {
        ssize_t got = read(fd, text + have, FILE_LENGTH - have);

        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return text[Z85_LENGTH] == '\n' && text[FILE_LENGTH - 1] == '\n' && read(fd, &more, 1) == 0;
}

static bool
decode(char text[FILE_LENGTH], struct jn_keypair *out)
{
    char expected[Z85_LENGTH + 1];

    text[Z85_LENGTH] = '\0';
    text[FILE_LENGTH - 1] = '\0';
    if (!zmq_z85_decode(out->public_key, text) || !zmq_z85_decode(out->secret_key, text + Z85_LENGTH + 1))
        return false;
    return zmq_curve_public(expected, text + Z85_LENGTH + 1) == 0 && !strcmp(expected, text);
}

static bool
load_open(int fd, const char *path, struct jn_keypair *out, char error[JN_CONFIG_ERROR])
{
    char text[FILE_LENGTH];
    struct stat st;
    bool good;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fault(error, path, "is not a plain file: put the key pair there, or make one with jineng keys make");
    if ((st.st_mode & 077) != 0)
        return fault(error, path, "others may read it: chmod 600 it, and think of making a new key if others have");
    good = read_text(fd, text) && decode(text, out);
    explicit_bzero(text, sizeof(text));
    if (good)
        return true;
    explicit_bzero(out, sizeof(*out));
    return fault(error, path,
                 "is not a key pair (two lines of 40 characters, public and secret): restore it from a backup, "
                 "or revoke it and make another with jineng keys make");
}

bool
jn_keypair_load(const char *data, const char *name, struct jn_keypair *out, char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX];
    bool good;
    int fd;

    if (!key_path(data, name, path, error))
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        snprintf(error, JN_CONFIG_ERROR, "%.300s: %.80s: jineng keys make %.48s makes a key pair", path,
                 strerror(errno), name);
        return false;
    }
    good = load_open(fd, path, out, error);
    close(fd);
    return good;
}

static bool
write_synced(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t done = write(fd, text, length);

        if (done < 0)
            return false;
        text += done;
        length -= (size_t)done;
    }
    return fsync(fd) == 0;
}

/* The name in the folder must last as long as the file. */
static bool
sync_folder(const char *data)
{
    char path[JN_PATH_MAX];
    int fd, synced;

    snprintf(path, sizeof(path), "%s/keys", data);
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    synced = fsync(fd);
    close(fd);
    return synced == 0;
}

static bool
make_file(const char *data, const char *path, const char *text, char error[JN_CONFIG_ERROR])
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written;

    if (fd < 0 && errno == EEXIST)
        return fault(error, path, "is there already: a key is never overwritten; revoke and move it away first");
    if (fd < 0)
        return fault(error, path, strerror(errno));
    written = write_synced(fd, text, FILE_LENGTH);
    if (close(fd) == 0 && written && sync_folder(data))
        return true;
    unlink(path);
    return fault(error, path, "could not be written: see whether the disk is full");
}

bool
jn_keypair_make(const char *data, const char *name, struct jn_keypair *out, char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX], text[FILE_LENGTH + 1], public_text[Z85_LENGTH + 1], secret_text[Z85_LENGTH + 1];
    bool made;

    if (!key_path(data, name, path, error))
        return false;
    if (zmq_curve_keypair(public_text, secret_text) != 0)
        return fault(error, path, "this libzmq was built without CURVE: install Debian's libzmq5");
    snprintf(text, sizeof(text), "%s\n%s\n", public_text, secret_text);
    made = make_file(data, path, text, error);
    if (made)
        made = decode(text, out);
    explicit_bzero(text, sizeof(text));
    explicit_bzero(secret_text, sizeof(secret_text));
    return made;
}
