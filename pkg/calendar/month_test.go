package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
)

func TestMonthText(t *testing.T) {
	tests := []struct {
		text string
		want calendar.Month
		ok   bool
	}{
		{"2026-03", calendar.Month{Year: 2026, Month: time.March}, true},
		{"0999-12", calendar.Month{Year: 999, Month: time.December}, true},
		{"", calendar.Month{}, true},
		{"2026-3", calendar.Month{}, false},
		{"2026-13", calendar.Month{}, false},
		{"2026-00", calendar.Month{}, false},
		{"2026-03-01", calendar.Month{}, false},
		{" 2026-03", calendar.Month{}, false},
		{"March 2026", calendar.Month{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			var got calendar.Month
			if err := got.UnmarshalText([]byte(tt.text)); (err == nil) != tt.ok {
				t.Fatalf("error %v, want ok %t", err, tt.ok)
			}
			if got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if tt.ok && got.String() != tt.text {
				t.Errorf("text form is %q", got.String())
			}
		})
	}
}

func TestMonthInJSON(t *testing.T) {
	type document struct {
		Start calendar.Month            `json:"start"`
		Spend map[calendar.Month]string `json:"spend"`
	}
	in := document{month("2026-03"), map[calendar.Month]string{month("2026-04"): "1.00"}}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"start":"2026-03","spend":{"2026-04":"1.00"}}`; string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
	var out document
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if out.Start != in.Start || out.Spend[month("2026-04")] != "1.00" {
		t.Errorf("read back %+v", out)
	}
}

func TestMonthOfReadsUTC(t *testing.T) {
	newYork := time.FixedZone("EDT", -4*3600)
	if got := calendar.MonthOf(time.Date(2026, 5, 31, 22, 30, 0, 0, newYork)); got != month("2026-06") {
		t.Errorf("22:30 in New York on 31 May is in %v, want 2026-06", got)
	}
}

func TestAddMonthsAndSubAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMonth(t)
		n := rapid.IntRange(-2000, 2000).Draw(t, "n")
		later := m.AddMonths(n)
		if later.Sub(m) != n || later.AddMonths(-n) != m {
			t.Fatalf("%v + %d = %v", m, n, later)
		}
		if later.Compare(m) != later.Start().Compare(m.Start()) {
			t.Fatalf("%v and %v are ordered unlike their starts", later, m)
		}
	})
}

func TestMonthsTileTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMonth(t)
		if got := m.End().Add(time.Second); !got.Equal(m.Next().Start()) {
			t.Fatalf("%v ends a second before %v, next month starts at %v", m, got, m.Next().Start())
		}
		if calendar.MonthOf(m.Start()) != m || calendar.MonthOf(m.End()) != m {
			t.Fatalf("bounds of %v lie outside of it", m)
		}
	})
}

func anyMonth(t *rapid.T) calendar.Month {
	return calendar.Month{
		Year:  rapid.IntRange(1900, 2200).Draw(t, "year"),
		Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
	}
}

func month(s string) calendar.Month {
	m, err := calendar.ParseMonth(s)
	if err != nil {
		panic(err)
	}
	return m
}

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}
