package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/limit"
	"example.com/handover/services/gateway"
)

// announced sends the headers of a request whose body never comes, and returns the answer.
func announced(t *testing.T, url, method, path string, length int, headers ...string) answer {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n",
		method, path, length, strings.Join(append(headers, ""), "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(text)}
}

func believes(good string) func(context.Context, string) (string, error) {
	return func(_ context.Context, authorization string) (string, error) {
		if !strings.HasPrefix(authorization, good) {
			return "", errs.New(errs.Unauthenticated, "UNAUTHENTICATED", "the token is not valid here, or no longer")
		}
		return good, nil
	}
}

// Each of these is answered although not a byte of the body is sent.
func TestIdentityComesBeforeTheBody(t *testing.T) {
	o := &orders{}
	url := openWith(t, o, gateway.Options{Believe: believes("Bearer good")})
	const some, tooMuch = 400 << 10, 2 << 20
	for name, tt := range map[string]struct {
		path   string
		length int
		header string
		status int
		reason string
	}{
		"nobody":                   {"/v1/orders", some, "Accept: */*", http.StatusUnauthorized, "UNAUTHENTICATED"},
		"a forged token":           {"/v1/orders", some, "Authorization: Bearer forged", http.StatusUnauthorized, "UNAUTHENTICATED"},
		"no such path":             {"/v1/nothing", some, "Accept: */*", http.StatusNotFound, "ROUTE_UNKNOWN"},
		"a body that is too large": {"/v1/orders", tooMuch, "Authorization: Bearer good", http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, announced(t, url, "POST", tt.path, tt.length, tt.header), tt.status, tt.reason)
		})
	}
	wantProblem(t, announced(t, url, "GET", "/v1/orderLinks/x", some, "Accept: */*"), http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE")
	if _, request := o.seen(); request != nil {
		t.Errorf("a refused request reached the service: %v", request)
	}
	a := send(t, "POST", url+"/v1/orders", `{}`, "Idempotency-Key", "k", "Authorization", "Bearer good")
	if a.StatusCode != http.StatusOK {
		t.Errorf("a good token: %d %s", a.StatusCode, a.body)
	}
}

func TestBodiesOnTheirWay(t *testing.T) {
	bodies := limit.NewBodies(limit.BodyLimits{Within: time.Second, Each: 1, All: 1, Bytes: 8, Refused: func(string) {}})
	url := openWith(t, &orders{}, gateway.Options{Bodies: bodies})
	post := func() answer { return send(t, "POST", url+"/v1/orders", `{}`, "Idempotency-Key", "k") }
	leave, err := bodies.Enter(t.Context(), true, "", 7)
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, post(), http.StatusServiceUnavailable, "BODIES_EXHAUSTED")
	if a := send(t, "GET", url+"/v1/orders", ""); a.StatusCode != http.StatusOK {
		t.Errorf("a call without a body: %d", a.StatusCode)
	}
	leave()
	if a := post(); a.StatusCode != http.StatusOK {
		t.Errorf("after it has arrived: %d %s", a.StatusCode, a.body)
	}
}

// A person has one share of the room, however many tokens it has.
func TestBodiesOfAPerson(t *testing.T) {
	bodies := limit.NewBodies(limit.BodyLimits{Within: time.Second, Each: 1, All: 1, Bytes: 32, Refused: func(string) {}})
	url := openWith(t, &orders{}, gateway.Options{Bodies: bodies, Believe: believes("Bearer good")})
	post := func(token string) answer {
		return send(t, "POST", url+"/v1/orders", `{}`, "Idempotency-Key", "k", "Authorization", token)
	}
	leave, err := bodies.Enter(t.Context(), true, "Bearer good", 2)
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, post("Bearer good, too"), http.StatusServiceUnavailable, "BODIES_EXHAUSTED")
	leave()
	if a := post("Bearer good, too"); a.StatusCode != http.StatusOK {
		t.Errorf("after it has arrived: %d %s", a.StatusCode, a.body)
	}
}
