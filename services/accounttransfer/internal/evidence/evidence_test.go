package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

func now() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func announced(t *testing.T, content []byte, keep time.Duration) *Attachment {
	t.Helper()
	a, facts, err := New(Subject{ID: "att_1", TransferID: "trf_1", StepKey: "deploy-essentials"},
		File{Name: "a.pdf", Size: int64(len(content)), SHA256: hash(content)}, 5<<20, Policy{Keep: keep},
		call.Actor{Subject: "operator-1", Role: "OPERATOR"}, now())
	if err != nil || len(facts) != 1 {
		t.Fatalf("announce: %v, %v", facts, err)
	}
	return a
}

func stored(t *testing.T, keep time.Duration) *Attachment {
	t.Helper()
	content := []byte("%PDF-1.7")
	a := announced(t, content, keep)
	if _, err := a.Receive(Part{Size: int64(len(content)), SHA256: hash(content)}, content, hash(content), now()); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestPartsInAnyOrder: whatever a caller repeats, begins anew or sends too early, what is taken over is the content, or nothing.
func TestPartsInAnyOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	content := append([]byte("%PDF-1.7"), make([]byte, 9*leastPart+123)...)
	a := announced(t, content, 0)
	var kept []byte
	keys := map[string]bool{}
	for i := 0; a.State == Uploading; i++ {
		if i > 100_000 {
			t.Fatal("it never ends")
		}
		from := int64(r.IntN(11)) * leastPart
		if r.IntN(3) == 0 {
			from = a.Received()
		}
		to := min(from+int64(1+r.IntN(2))*leastPart-int64(r.IntN(2)), int64(len(content)))
		if from >= to {
			continue
		}
		piece := content[from:to]
		p := Part{Offset: from, Size: int64(len(piece)), SHA256: hash(piece)}
		before, last := a.Before(p, piece)
		if a.Fits(p, piece) && !last {
			keys[a.Key(p)] = true
		}
		next := append(bytes.Clone(kept[:min(from, int64(len(kept)))]), piece...)
		_, err := a.Receive(p, piece, hash(next), now())
		if err == nil {
			kept = next
		} else if reason := errs.ReasonOf(err); reason != ReasonPartWrong {
			t.Fatalf("refused with %v", err)
		}
		if err == nil && last && len(before) == 0 && from > 0 {
			t.Fatalf("what comes before %d is forgotten", from)
		}
	}
	if !bytes.Equal(kept, content) || a.Received() != a.Size {
		t.Errorf("%d of %d bytes were kept", len(kept), len(content))
	}
	if most := len(content)/leastPart + 1; len(keys) > most {
		t.Errorf("%d parts lie there, more than %d", len(keys), most)
	}
	used := map[string]bool{}
	for _, p := range a.Parts {
		if used[a.Key(p)] {
			t.Errorf("two parts have the key %s", a.Key(p))
		}
		used[a.Key(p)] = p.Offset+p.Size < a.Size // the last one is not stored as a part
	}
}

// TestMedia: the kind is what the content says, and no name makes it another one.
func TestMedia(t *testing.T) {
	for content, want := range map[string]Media{
		"%PDF-1.7": PDF, "\x89PNG\r\n\x1a\n": PNG, "\xff\xd8\xff\xe0": JPEG, "Grüezi\n": Text, "PK\x03\x04": Other,
		"MZ\x00": Other, "a\x1b[2J": Other,
	} {
		if got := MediaOf([]byte(content)); got != want {
			t.Errorf("%q is %q, want %q", content, got, want)
		}
	}
	for name, want := range map[string]Media{"a.PDF": PDF, "a.jpeg": JPEG, "a.pdf.exe": Other, "pdf": Other, "a.eml": Text} {
		if got := named(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"", ".pdf", "a/b.pdf", `a\b.pdf`, "c:a.pdf", "a\x00.pdf", "a\u202eb.pdf", "\xff.pdf"} {
		if plain(name) {
			t.Errorf("%q is a name", name)
		}
	}
}

// TestEnds: what has had its time is deleted for its reason, and nothing is left that nobody sweeps.
func TestEnds(t *testing.T) {
	const day = 24 * time.Hour
	used := stored(t, 100*day)
	if _, err := used.Use("trf_1", "deploy-essentials"); err != nil {
		t.Fatal(err)
	}
	unused := stored(t, 100*day)
	unused.TransferSeen(now().Add(50*day), now().Add(60*day))
	for want, c := range map[Deletion]struct {
		a     *Attachment
		after time.Duration
	}{
		Abandoned: {announced(t, []byte("%PDF-"), 100*day), day}, Unused: {unused, 80 * day}, Outdated: {used, 100 * day},
	} {
		if facts := c.a.Tick(now().Add(c.after - time.Second)); facts != nil || !c.a.Next().Equal(now().Add(c.after)) {
			t.Errorf("%s: too early: %v, next %s", want, facts, c.a.Next())
		}
		if facts := c.a.Tick(now().Add(c.after)); len(facts) != 1 || c.a.Deletion != want || c.a.Name != "" || !c.a.Next().IsZero() {
			t.Errorf("%s: %v, %+v", want, facts, c.a)
		}
		if wants := SweepWanted(c.a); len(wants) != 2 || c.a.Keeps(c.a.ContentKey()) {
			t.Errorf("%s: swept is %v", want, wants)
		}
		c.a.Sweep(SweepContent, Deleted)
		c.a.Sweep(SweepRest, Deleted)
		if wants := SweepWanted(c.a); wants != nil {
			t.Errorf("%s: swept again is %v", want, wants)
		}
	}
	forever := stored(t, 0)
	if _, err := forever.Agree("trf_1"); err != nil || !forever.Next().IsZero() || !forever.Shared {
		t.Errorf("it goes at %s, %v", forever.Next(), err)
	}
	if facts, err := forever.Erase("A slip.", now()); err != nil || len(facts) != 1 || facts[0].Audience != fact.Operator {
		t.Errorf("erased: %v, %v", facts, err)
	}
	if _, err := forever.Erase("", now()); errs.ReasonOf(err) != ReasonFieldRequired {
		t.Errorf("erased without a reason: %v", err)
	}
}

// TestWaitsForItsStep: what is not named as evidence yet lives for as long as its transfer does, which is looked at all the time.
func TestWaitsForItsStep(t *testing.T) {
	const day = 24 * time.Hour
	a := stored(t, 10*day)
	due := func(at time.Time) bool { wants := LookWanted(a); return len(wants) == 1 && wants[0].At.Equal(at) }
	for look := now().Add(30 * day); look.Before(now().AddDate(1, 0, 0)); look = look.Add(30 * day) {
		if !due(look) || a.Tick(look) != nil || !a.Next().IsZero() {
			t.Fatalf("at %s: looks %v, ends %s", look, LookWanted(a), a.Next())
		}
		a.TransferSeen(time.Time{}, look)
	}
	if _, err := a.Use("trf_1", "deploy-essentials"); err != nil {
		t.Fatal(err)
	}
	if LookWanted(a) != nil || !a.Next().Equal(now().Add(10*day)) {
		t.Errorf("named as evidence: looks %v, ends %s", LookWanted(a), a.Next())
	}
	late := stored(t, 0)
	late.TransferSeen(now().Add(-day), now().Add(30*day)) // it ended while the last part was on its way
	if LookWanted(late) != nil || !late.Next().Equal(now().Add(30*day)) {
		t.Errorf("of a transfer that is over: looks %v, ends %s", LookWanted(late), late.Next())
	}
}

// TestErasedDuringItsSweep: a sweep that kept the content leaves it to another one when the file was erased meanwhile.
func TestErasedDuringItsSweep(t *testing.T) {
	a := stored(t, 0)
	saw := *a // what the sweep goes by
	if !saw.Keeps(saw.ContentKey()) {
		t.Fatal("a sweep deletes what is stored")
	}
	if _, err := a.Erase("asked for", now().Add(tidyIn)); err != nil {
		t.Fatal(err)
	}
	a.Sweep(SweepRest, saw.State)
	var due []string
	for _, want := range SweepWanted(a) {
		due = append(due, want.Subject)
	}
	if !slices.Equal(due, []string{SweepContent, SweepRest}) {
		t.Errorf("after it only %v is swept", due)
	}
}
