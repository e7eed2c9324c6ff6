package servicenow

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limit counts requests per user and hour. There is one rule, and it covers the whole Table API.
type limit struct {
	hourly int

	mu    sync.Mutex
	hour  time.Time
	users map[string]int
}

const ruleID = "6d0c2f5e9b3a4d1f8e7a0b1c2d3e4f50" // sys_id of the rule

func newLimit(hourly int) *limit { return &limit{hourly: hourly, users: map[string]int{}} }

// count counts a request. It returns the headers that the answer carries, and how long a request over the limit has to
// wait; zero: it may pass.
func (l *limit) count(user string, now time.Time) (http.Header, time.Duration) {
	if l.hourly == 0 {
		return nil, 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if hour := now.Truncate(time.Hour); !hour.Equal(l.hour) {
		l.hour, l.users = hour, map[string]int{}
	}
	l.users[user]++
	reset := l.hour.Add(time.Hour)
	header := http.Header{}
	header.Set("X-RateLimit-Limit", strconv.Itoa(l.hourly))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	header.Set("X-RateLimit-Rule", ruleID)
	if l.users[user] > l.hourly {
		return header, reset.Sub(now)
	}
	return header, 0
}

func (l *limit) exceeded() string {
	return fmt.Sprintf("Request count exceeded the hourly limit of %d for REST API Table API", l.hourly)
}
