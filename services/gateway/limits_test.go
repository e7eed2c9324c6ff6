package gateway_test

import (
	"net/http"
	"strconv"
	"testing"

	"example.com/handover/services/gateway"
)

// slow refills so slowly that a test cannot wait for it by accident.
const slow = 1.0 / 1000

func TestCallersHaveALimitEach(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{CallerRate: slow, CallerBurst: 2}) + "/v1/orders/" + orderID
	get := func(token string) answer { return send(t, "GET", url, "", "Authorization", "Bearer "+token) }
	for range 2 {
		if a := get("first"); a.StatusCode != http.StatusOK {
			t.Fatalf("within the burst: %d", a.StatusCode)
		}
	}
	a := get("first")
	wantProblem(t, a, http.StatusTooManyRequests, "RATE_LIMITED")
	if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || wait < 900 || wait > 1000 {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
	if a := get("second"); a.StatusCode != http.StatusOK {
		t.Errorf("another caller: %d", a.StatusCode)
	}
}

func TestNewTokensDoNotEvadeTheAddressLimit(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{AddressRate: slow, AddressBurst: 3}) + "/v1/orders/" + orderID
	for i := range 3 {
		send(t, "GET", url, "", "Authorization", "Bearer "+strconv.Itoa(i), "X-Forwarded-For", "10.0.0."+strconv.Itoa(i))
	}
	wantProblem(t, send(t, "GET", url, "", "Authorization", "Bearer new"), http.StatusTooManyRequests, "RATE_LIMITED")
}

func TestTrustedProxiesTellTheAddress(t *testing.T) {
	url := open(t, &orders{}, gateway.Limits{AddressRate: slow, AddressBurst: 1, Proxies: 1}) + "/v1/orders/" + orderID
	get := func(forwarded string) answer { return send(t, "GET", url, "", "X-Forwarded-For", forwarded) }
	if a := get("10.0.0.1"); a.StatusCode != http.StatusOK {
		t.Fatalf("first: %d", a.StatusCode)
	}
	if a := get("10.0.0.2"); a.StatusCode != http.StatusOK {
		t.Errorf("another address: %d", a.StatusCode)
	}
	wantProblem(t, get("1.2.3.4, 10.0.0.1"), http.StatusTooManyRequests, "RATE_LIMITED")
	if a := get("2001:db8::1"); a.StatusCode != http.StatusOK {
		t.Errorf("an IPv6 network: %d", a.StatusCode)
	}
	wantProblem(t, get("2001:db8::2"), http.StatusTooManyRequests, "RATE_LIMITED")
}

func TestLimitsAreNotNegative(t *testing.T) {
	for _, l := range []gateway.Limits{
		{CallerRate: -1}, {CallerBurst: -1}, {AddressRate: -1}, {AddressBurst: -1}, {Proxies: -1}, {Streams: -1}, {StreamsEach: -1},
	} {
		if l.Validate() == nil {
			t.Errorf("%+v is accepted", l)
		}
	}
	if err := gateway.DefaultLimits().Validate(); err != nil {
		t.Error(err)
	}
}
