package wire_test

import (
	"bytes"
	"io"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/billing"
	bc "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	ce "github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/invoicing"

	"example.com/handover/pkg/sim/aws/billingconductor"
	"example.com/handover/pkg/sim/aws/wire"
)

// These modules carry no fixtures. Instead, every member of every operation is filled in and sent by the SDK's own
// client: our reading of the request must be what was sent, and the client's reading of our answer what was answered.
func TestEveryMemberSurvivesTheSDK(t *testing.T) {
	small := wire.Style{Camel: true}
	key := credentials.NewStaticCredentialsProvider("AKIA", "secret", "")
	api := []func(*smithyStack) error{withoutInputChecks}
	var routed []string
	for _, route := range billingconductor.Routes() {
		routed = append(routed, route.Operation)
	}
	for name, c := range map[string]struct {
		protocol   wire.Protocol
		client     func(*echo) any
		operations []string // none: all
	}{
		"billing": {protocol: wire.JSON{Target: "AWSBilling", Version: "1.0", Style: small}, client: func(e *echo) any {
			return billing.New(billing.Options{Region: "us-east-1", Credentials: key, HTTPClient: e, APIOptions: api})
		}},
		"costexplorer": {protocol: wire.JSON{Target: "AWSInsightsIndexService"}, client: func(e *echo) any {
			return ce.New(ce.Options{Region: "us-east-1", Credentials: key, HTTPClient: e, APIOptions: api})
		}},
		"invoicing": {protocol: wire.JSON{Target: "Invoicing", Version: "1.0"}, client: func(e *echo) any {
			return invoicing.New(invoicing.Options{Region: "us-east-1", Credentials: key, HTTPClient: e, APIOptions: api})
		}},
		"billingconductor": {protocol: wire.REST{Routes: billingconductor.Routes()}, operations: routed, client: func(e *echo) any {
			return bc.New(bc.Options{Region: "us-east-1", Credentials: key, HTTPClient: e, APIOptions: api})
		}},
	} {
		e := &echo{t: t, protocol: c.protocol}
		client := reflect.ValueOf(c.client(e))
		if c.operations == nil {
			c.operations = operationsOf(client.Type())
		}
		for _, op := range c.operations {
			t.Run(name+" "+op, func(t *testing.T) {
				method := client.MethodByName(op)
				e.t, e.operation = t, op
				e.sent, e.answered = reflect.New(method.Type().In(1).Elem()), reflect.New(method.Type().Out(0).Elem())
				fill(e.sent.Elem(), 0)
				fill(e.answered.Elem(), 0)
				results := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), e.sent})
				if err := results[1].Interface(); err != nil {
					t.Fatal(err)
				}
				results[0].Elem().FieldByName("ResultMetadata").SetZero()
				if !reflect.DeepEqual(results[0].Interface(), e.answered.Interface()) {
					t.Errorf("the SDK reads our answer differently")
				}
			})
		}
	}
}

// echo is the other side of a client: it reads a request with our codec and answers with it.
type echo struct {
	t              *testing.T
	protocol       wire.Protocol
	operation      string
	sent, answered reflect.Value
}

func (e *echo) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	message := wire.NewRequest(r, body)
	if op := e.protocol.Operation(message); op != e.operation {
		e.t.Errorf("operation is %q", op)
	}
	got := reflect.New(e.sent.Type().Elem())
	if err := e.protocol.Decode(message, got.Interface()); err != nil {
		e.t.Error(err)
	}
	if !reflect.DeepEqual(got.Interface(), e.sent.Interface()) {
		e.t.Errorf("we read the request differently: %s", body)
	}
	answer, err := e.protocol.Encode(e.operation, "id", e.answered.Interface())
	if err != nil {
		e.t.Error(err)
	}
	return &http.Response{
		StatusCode: answer.Status, Header: answer.Header, Request: r,
		ContentLength: int64(len(answer.Body)), Body: io.NopCloser(bytes.NewReader(answer.Body)),
	}, nil
}

// operationsOf are the methods of a client of the form Op(context, *Input, ...options) (*Output, error).
func operationsOf(client reflect.Type) []string {
	var out []string
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() == 4 && m.Type.IsVariadic() && m.Type.NumOut() == 2 {
			out = append(out, m.Name)
		}
	}
	return out
}

const depthMax = 8 // some structures contain themselves

// fill sets every member of an SDK struct.
func fill(v reflect.Value, depth int) {
	if depth > depthMax {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !f.Anonymous && f.Name != "ResultMetadata" {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), value)
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	}
}
