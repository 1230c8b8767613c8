// Package rig is a network with faults on one machine: two network namespaces, joined by lines between TUN devices that a
// program carries. It needs no kernel module, no name and no clean-up: the namespaces have no names, so they and everything in
// them end with the process that made them, also when it is killed.
//
//	people's namespace  line0 10.99.0.2 ── Line ── line0  node's namespace, 10.99.9.9 and fd99:9::9
//	                    line1 10.99.1.2 ── Line ── line1
//
// It is for tests alone; nothing imports it.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Where the node is reached, over any line.
const (
	NodeIPv4 = "10.99.9.9"
	NodeIPv6 = "fd99:9::9"
)

// Namespace is a network namespace without a name, kept by one thread.
type Namespace struct {
	todo chan func() // closed by close
	done chan struct{}
}

func newNamespace() (*Namespace, error) {
	n := &Namespace{todo: make(chan func()), done: make(chan struct{})}
	made := make(chan error)
	go func() {
		defer close(n.done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine, and the namespace with it
		err := unix.Unshare(unix.CLONE_NEWNET)
		made <- err
		if err != nil {
			return
		}
		for f := range n.todo {
			f()
		}
	}()
	if err := <-made; err != nil {
		return nil, fmt.Errorf("new network namespace: %w", err)
	}
	return n, nil
}

// Do runs f on the namespace's thread: sockets that it opens and processes that it starts are inside.
func (n *Namespace) Do(f func() error) error {
	answer := make(chan error)
	n.todo <- func() { answer <- f() }
	return <-answer
}

// Start starts a process inside. It is killed when this process ends in any way.
func (n *Namespace) Start(cmd *exec.Cmd) error {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return n.Do(cmd.Start)
}

// IP runs ip(8) inside, one command a line.
func (n *Namespace) IP(commands string) error {
	return n.Do(func() error {
		cmd := exec.Command("ip", "-batch", "-")
		cmd.Stdin = strings.NewReader(commands)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("ip: %w: %s", err, out)
		}
		return nil
	})
}

func (n *Namespace) close() {
	close(n.todo)
	<-n.done
}

// tun opens a new TUN device inside.
func (n *Namespace) tun(name string) (f *os.File, err error) {
	err = n.Do(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return fmt.Errorf("open /dev/net/tun: %w", err)
		}
		var request [40]byte // struct ifreq
		copy(request[:unix.IFNAMSIZ-1], name)
		*(*uint16)(unsafe.Pointer(&request[unix.IFNAMSIZ])) = unix.IFF_TUN | unix.IFF_NO_PI
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TUNSETIFF, uintptr(unsafe.Pointer(&request))); e != 0 {
			unix.Close(fd)
			return fmt.Errorf("make device %s: %w", name, e)
		}
		f = os.NewFile(uintptr(fd), name)
		return nil
	})
	return f, err
}

// Net is the two namespaces and their lines.
type Net struct {
	People, Node *Namespace
	Lines        [2]*Line // the second is another network, for those who change to it

	stop context.CancelFunc
	wait sync.WaitGroup
}

// Unable is why this machine can have no rig, in one sentence.
type Unable struct{ cause error }

func (u *Unable) Error() string {
	return fmt.Sprintf("the rig needs network namespaces, /dev/net/tun and ip(8), as root or with CAP_SYS_ADMIN and CAP_NET_ADMIN: %v", u.cause)
}

// Open makes a network with perfect lines. The error may be an *Unable.
func Open(seed uint64) (_ *Net, err error) {
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, &Unable{err}
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := &Net{stop: cancel}
	defer func() {
		if err != nil {
			n.Close()
		}
	}()
	if n.People, err = newNamespace(); err != nil {
		return nil, &Unable{err}
	}
	if n.Node, err = newNamespace(); err != nil {
		return nil, &Unable{err}
	}
	for i := range n.Lines {
		name := fmt.Sprint("line", i)
		near, err := n.People.tun(name)
		if err != nil {
			return nil, &Unable{err}
		}
		far, err := n.Node.tun(name)
		if err != nil {
			near.Close()
			return nil, &Unable{err}
		}
		n.Lines[i] = newLine(near, far, seed+uint64(i))
		n.wait.Go(func() { n.Lines[i].run(ctx) })
	}
	// The browser beside the node finds no address of its own without a default route, nor one that stands on lo.
	return n, errors.Join(
		n.Node.IP(fmt.Sprintf(`link set lo up
			addr add %[1]s/32 dev line0
			addr add %[2]s/128 dev line0 nodad
			link set line0 up
			link set line1 up
			route add 10.99.0.0/30 dev line0 src %[1]s
			route add 10.99.1.0/30 dev line1 src %[1]s
			route add fd99:0::/126 dev line0 src %[2]s
			route add fd99:1::/126 dev line1 src %[2]s
			route add default dev line0 src %[1]s
			route add ::/0 dev line0 src %[2]s`, NodeIPv4, NodeIPv6)),
		n.People.IP(`link set lo up
			addr add 10.99.0.2/30 dev line0
			addr add fd99:0::2/126 dev line0 nodad
			link set line0 up
			route add default dev line0
			route add ::/0 dev line0`))
}

// Move takes the people from the first network to the second, as a telephone that leaves the house: other addresses, and the
// old ones are gone.
func (n *Net) Move() error {
	return n.People.IP(`link set line0 down
		addr add 10.99.1.2/30 dev line1
		addr add fd99:1::2/126 dev line1 nodad
		link set line1 up
		route add default dev line1
		route add ::/0 dev line1`)
}

// Close ends the lines and the namespaces. Processes inside must have ended.
func (n *Net) Close() {
	n.stop()
	n.wait.Wait()
	for _, x := range []*Namespace{n.People, n.Node} {
		if x != nil {
			x.close()
		}
	}
}
