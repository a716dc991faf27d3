#!/bin/sh
# in-root.sh ROOT WORK COMMAND…: runs a command inside a Debian root folder, as root; the folder WORK
# is /work there. The mounts are in a name space of their own and vanish with the command.
exec unshare --mount sh -c '
root=$1 work=$2
shift 2
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/work" "$root/etc/ssl/certs"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$work" "$root/work"
for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
  cat $file > "$root$file"
done
exec chroot "$root" "$@"' sh "$@"
