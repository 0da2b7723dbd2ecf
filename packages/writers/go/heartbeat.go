// Package heartbeat writes the status file of a trading bot for Sentinel. One file, nothing but the standard library:
// copy it into the bot. The file and its keys: docs/status-file.md of Sentinel.
//
//	var beat = heartbeat.New("logs/heartbeat_status.txt")
//
//	beat.Update(heartbeat.Beat{Status: "✅ Heartbeat active", SessionActive: true, Progress: trades})
//
// Beat from the work, never from a ticker or a goroutine of its own: it would go on while the loop hangs.
package heartbeat

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// DefaultFile is where the heartbeat is when nobody says otherwise.
const DefaultFile = "logs/heartbeat_status.txt"

const longestStatus = 1000

// mostBytes is what a reader takes.
const mostBytes = 64 * 1024

// noStatus is what is written for a status without text: no beat is lost for it.
const noStatus = "❓ No status given"

// Beat is what one update says.
type Beat struct {
	// Status is an indicator, a space and a message: "✅ Trade executed".
	Status string
	// SessionActive says whether the broker session is up.
	SessionActive bool
	// Source says who beats: "login", "loop", "reporter".
	Source string
	// Progress changes only when real work is done. Zero stands for none was made yet.
	Progress int64
	// Stopped says that this end is planned: nobody is alarmed.
	Stopped bool

	// What follows holds for this beat: say it again with the next one.

	// Halted says why the bot lives and does not trade, on purpose: it is not restarted while it beats.
	Halted string
	// NeedsPerson says what a person has to do. Nothing is restarted meanwhile.
	NeedsPerson string
	// Exposure is what the bot has at stake; nil: it does not say. Without positions it is flat.
	Exposure *Exposure
	// Feeds says when each feed last brought something.
	Feeds map[string]time.Time
	// Expect is something that should happen by a time; nil: nothing.
	Expect *Expectation
}

// Exposure is what a bot has at stake.
type Exposure struct {
	Positions []Position `json:"positions"`
	// More is the number of open positions that are not listed.
	More int `json:"more,omitempty"`
	// Orders that rest at the broker.
	Orders int `json:"orders"`
	// PnlDay is profit and loss of the day in Currency; nil: not said.
	PnlDay   *float64 `json:"pnl_day,omitempty"`
	Currency string   `json:"currency,omitempty"`
}

// Position is what a bot holds in one symbol. Side is "long" or "short"; Stop says whether a resting stop protects it,
// nil: not said.
type Position struct {
	Symbol   string  `json:"symbol"`
	Side     string  `json:"side"`
	Quantity float64 `json:"quantity"`
	Stop     *bool   `json:"stop,omitempty"`
}

// Expectation is something that should happen by a time.
type Expectation struct {
	What string
	By   time.Time
}

// Heartbeat is bound to a file and to this run of the bot. It may be used by several goroutines.
type Heartbeat struct {
	mutex     sync.Mutex
	file      string
	instance  string
	host      string
	boot      string
	startedAt time.Time
	seq       int64
}

type details struct {
	SessionActive bool   `json:"session_active"`
	UpdatedAt     string `json:"updated_at"`
	StartedAt     string `json:"started_at"`
	Pid           int    `json:"pid"`
	Host          string `json:"host,omitempty"`
	Boot          string `json:"boot,omitempty"`
	Instance      string `json:"instance"`
	Seq           int64  `json:"seq"`
	Source        string `json:"source,omitempty"`
	Progress      int64  `json:"progress"`
	Stopped       bool   `json:"stopped,omitempty"`

	Halted      string            `json:"halted,omitempty"`
	NeedsPerson string            `json:"needs_person,omitempty"`
	Exposure    *Exposure         `json:"exposure,omitempty"`
	Feeds       map[string]string `json:"feeds,omitempty"`
	Expect      map[string]string `json:"expect,omitempty"`
}

// New binds a heartbeat to a file; an empty name is DefaultFile. Nothing is written before the first update.
func New(file string) *Heartbeat {
	if file == "" {
		file = DefaultFile
	}
	if absolute, err := filepath.Abs(file); err == nil {
		file = absolute
	}
	host, _ := os.Hostname() // a beat without it is a beat all the same
	return &Heartbeat{file: file, instance: newID(), host: host, boot: thisBoot(), startedAt: time.Now()}
}

// Update writes one beat. It never panics. The error says why the beat did not land; trade on, and log it.
func (h *Heartbeat) Update(beat Beat) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	status := clean(beat.Status)
	if status == "" {
		status = noStatus
	}
	h.seq++
	now := time.Now()
	line, err := json.Marshal(details{
		SessionActive: beat.SessionActive,
		UpdatedAt:     instant(now),
		StartedAt:     instant(h.startedAt),
		Pid:           os.Getpid(),
		Host:          h.host,
		Boot:          h.boot,
		Instance:      h.instance,
		Seq:           h.seq,
		Source:        clean(beat.Source),
		Progress:      beat.Progress,
		Stopped:       beat.Stopped,
		Halted:        clean(beat.Halted),
		NeedsPerson:   clean(beat.NeedsPerson),
		Exposure:      writable(beat.Exposure),
		Feeds:         instants(beat.Feeds),
		Expect:        expected(beat.Expect),
	})
	if err != nil {
		return err
	}
	data := []byte(status + "\n" + now.Format("2006-01-02T15:04:05.000000") + "\n" + string(line) + "\n")
	if len(data) > mostBytes {
		return fmt.Errorf("a beat has at most 64 KiB, and this one has %d bytes: list fewer positions, and say in More how many there are", len(data))
	}
	return replace(h.file, data)
}

// clean gives one line of at most 1,000 characters, without control characters.
func clean(text string) string {
	line := strings.TrimSpace(strings.Map(func(each rune) rune {
		if unicode.IsControl(each) || each == '\u2028' || each == '\u2029' {
			return ' '
		}
		return each
	}, strings.ToValidUTF8(text, "\uFFFD")))
	if utf8.RuneCountInString(line) <= longestStatus {
		return line
	}
	return strings.TrimSpace(string([]rune(line)[:longestStatus-1])) + "…"
}

// writable is the exposure as JSON can hold it. A number that is none makes all of it unknown: a position that is left
// out would make the bot look safer than it is.
func writable(given *Exposure) *Exposure {
	if given == nil || (given.PnlDay != nil && !isNumber(*given.PnlDay)) {
		return nil
	}
	written := *given
	written.Positions = append([]Position{}, given.Positions...)
	for _, each := range written.Positions {
		if !isNumber(each.Quantity) {
			return nil
		}
	}
	return &written
}

func isNumber(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

func instants(feeds map[string]time.Time) map[string]string {
	written := map[string]string{}
	for name, at := range feeds {
		written[clean(name)] = instant(at)
	}
	return written
}

func expected(given *Expectation) map[string]string {
	if given == nil {
		return nil
	}
	return map[string]string{"what": clean(given.What), "by": instant(given.By)}
}

func instant(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

func newID() string {
	bytes := make([]byte, 16)
	if _, err := rand.Read(bytes); err != nil {
		return fmt.Sprintf("%d-%d", os.Getpid(), time.Now().UnixNano())
	}
	return fmt.Sprintf("%x", bytes)
}

// thisBoot is the start of this machine and the pid namespace: within them a pid names one process.
func thisBoot() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "" // not Linux
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id)) + " " + namespace
}

// replace writes beside the file and renames: a reader sees the old file or the new one, never a part. The permissions
// of the file stay, a link is followed, a missing folder is made, and no temporary file is left. Where none can be made
// and the old file is there, it is written in place.
func replace(file string, data []byte) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	mode := fs.FileMode(0)
	if found, err := os.Lstat(file); err == nil {
		if !found.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file: remove it, or set another path", file)
		}
		mode = found.Mode().Perm()
	} else if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	temporary := fmt.Sprintf("%s.%d.%s.tmp", file, os.Getpid(), newID()[:8])
	defer os.Remove(temporary)
	if err := writeNew(temporary, data, mode); err != nil {
		if mode == 0 {
			return err
		}
		return overwrite(file, data)
	}
	return rename(temporary, file)
}

func writeNew(file string, data []byte, mode fs.FileMode) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if mode != 0 && err == nil && runtime.GOOS != "windows" {
		err = out.Chmod(mode)
	}
	return first(err, out.Close())
}

func overwrite(file string, data []byte) error {
	out, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if err == nil {
		err = out.Truncate(int64(len(data)))
	}
	return first(err, out.Close())
}

// first is the first error, which is the one that counts.
func first(err, another error) error {
	if err != nil {
		return err
	}
	return another
}

// On Windows a reader that holds the file open refuses the rename for a moment.
func rename(from, to string) error {
	err := os.Rename(from, to)
	for wait := time.Millisecond; err != nil && wait <= 16*time.Millisecond && runtime.GOOS == "windows"; wait *= 2 {
		time.Sleep(wait)
		err = os.Rename(from, to)
	}
	return err
}
