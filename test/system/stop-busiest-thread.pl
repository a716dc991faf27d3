#!/usr/bin/perl
# stop-busiest-thread.pl PID: stops one thread of a process for as long as this program runs: the
# one beside the main thread that uses most processor time while we look. That is what a stuck
# inference looks like from outside: the process lives, its event loop turns, its worker stands
# still.
use strict;
use warnings;

my $pid = shift or die "usage: $0 PID\n";
my %PTRACE_NUMBER = (x86_64 => 101, aarch64 => 117);
my ($PTRACE_SEIZE, $PTRACE_INTERRUPT) = (0x4206, 0x4207);

my $machine = (split ' ', `uname -m`)[0];
my $ptrace = $PTRACE_NUMBER{$machine} or die "Cannot stop a thread on $machine\n";

# Processor time of each thread but the main one. Not since it began: starting keeps V8's own
# threads busier than the worker is in its first seconds.
sub ticks_by_thread {
  my %ticks;
  for my $tid (map { m{/(\d+)$} } glob "/proc/$pid/task/*") {
    next if $tid == $pid;
    open my $file, '<', "/proc/$pid/task/$tid/stat" or next;
    ($ticks{$tid}) = map { $_->[11] + $_->[12] } [split ' ', <$file> =~ s/^.*\) //r];
  }
  return %ticks;
}

my %before = ticks_by_thread();
sleep 3;
my %after = ticks_by_thread();
my ($busiest) = sort { $after{$b} - $before{$b} <=> $after{$a} - $before{$a} }
  grep { exists $before{$_} } keys %after;
defined $busiest or die "Cannot find a thread of process $pid\n";

for my $request ($PTRACE_SEIZE, $PTRACE_INTERRUPT) {
  syscall($ptrace, $request, $busiest + 0, 0, 0) == 0 or die "Cannot stop thread $busiest: $!\n";
}
$| = 1;
print "Stopped thread $busiest\n";
# The first answer is the stop, the second the death, which must be collected here: a process does
# not end before its last traced thread has been waited for.
my $WAIT_FOR_THREADS = 0x40000000;
1 while waitpid($busiest, $WAIT_FOR_THREADS) == $busiest;
