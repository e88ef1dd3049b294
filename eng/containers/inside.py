"""Becomes the container's process, with mounts and process ids of its own: `unshare … python inside.py JOB`."""
import array, contextlib, ctypes, json, os, subprocess, sys, time

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def lay_out(root, mounts):
    """The image's files, read-only, with what is mounted into them."""
    mount("--bind", root, root)
    mount("-t", "proc", "proc", root + "/proc")
    mount("-t", "sysfs", "-o", "ro", "sysfs", root + "/sys")
    mount("--rbind", "/dev", root + "/dev")
    for source, target, access in mounts:
        mount("--bind", source, root + target)
        if access != "rw":
            mount("-o", "remount,bind,ro", root + target)
    mount("-o", "remount,bind,ro", root)


def drop_privileges(user):
    """The user of the image, no capabilities, and no way to get any."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/sys/kernel/cap_last_cap") as last:
        for capability in range(int(last.read()) + 1):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    number, _, group = user.partition(":")
    os.setgroups([])
    os.setgid(int(group or number))
    os.setuid(int(number))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def main(root, mounts, stamp, command, environment, directory, user):
    lay_out(root, mounts)
    os.chroot(root)
    os.chdir(directory or "/")
    drop_privileges(user)
    with contextlib.suppress(OSError):
        os.close(os.open("/tmp/written", os.O_CREAT | os.O_WRONLY))
        sys.exit("the root file system can be written")
    os.write(stamp, array.array("d", [time.monotonic()]).tobytes())
    os.close(stamp)
    os.execvpe(command[0], command, environment)


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
