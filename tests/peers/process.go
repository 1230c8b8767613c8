package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// cores: the first is the server's, the others are ours.
type cores struct{ server, rest unix.CPUSet }

func divide() (cores, error) {
	var all unix.CPUSet
	var c cores
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return c, fmt.Errorf("cores: %w", err)
	}
	if all.Count() < 2 {
		return c, errors.New("two cores are needed, one for the server and one for the people")
	}
	for i, left := 0, all.Count(); left > 0; i++ {
		switch {
		case !all.IsSet(i):
			continue
		case left == all.Count():
			c.server.Set(i)
		default:
			c.rest.Set(i)
		}
		left--
	}
	return c, nil
}

// leave the server's core to it. Threads that are born later inherit this.
func (c cores) leave() {
	tasks, _ := os.ReadDir("/proc/self/task")
	for _, t := range tasks {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.SchedSetaffinity(id, &c.rest) // a thread may have ended
		}
	}
	runtime.GOMAXPROCS(c.rest.Count())
}

// process is a server under load. It dies with us: by context, and by the kernel when we are killed. So it is started
// by the main thread, which lives as long as we do.
type process struct{ cmd *exec.Cmd }

func command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

func (c cores) start(cmd *exec.Cmd) (process, error) {
	if err := unix.SchedSetaffinity(0, &c.server); err != nil {
		return process{}, fmt.Errorf("give a core: %w", err)
	}
	err := cmd.Start()
	if e := unix.SchedSetaffinity(0, &c.rest); err == nil {
		err = e
	}
	if err != nil {
		return process{}, fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	return process{cmd}, nil
}

func (p process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // killed: says so
}

// usage of a process.
type usage struct {
	ran, waited int64 // nanoseconds, of all threads: on a core, and ready without one
	resident    int64 // bytes
}

func (p process) usage() (usage, error) { return usageOf(p.cmd.Process.Pid) }

func usageOf(pid int) (usage, error) {
	var u usage
	all, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(all) == 0 {
		return u, errors.New("the process has ended, or the kernel does not count processor time by nanoseconds (schedstat)")
	}
	for _, path := range all {
		var r, w int64
		if b, err := os.ReadFile(path); err == nil { // else the thread has ended
			if _, err := fmt.Sscan(string(b), &r, &w); err == nil {
				u.ran, u.waited = u.ran+r, u.waited+w
			}
		}
	}
	var size, resident int64
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return u, fmt.Errorf("memory: %w", err)
	}
	if _, err := fmt.Sscan(string(b), &size, &resident); err != nil {
		return u, fmt.Errorf("memory: %w", err)
	}
	u.resident = resident * int64(os.Getpagesize())
	return u, nil
}
