package wire

import (
	"context"
	"reflect"
)

// Method is one operation of a backend.
type Method struct {
	in   reflect.Type
	call func(ctx context.Context, in reflect.Value) (any, error)
}

// Methods returns the operations of a backend: its exported methods of the form
// Op(context.Context, *OpInput) (*OpOutput, error), the SDK client's own without its options.
func Methods(backend any) map[string]Method {
	out := map[string]Method{}
	v := reflect.ValueOf(backend)
	for i := range v.NumMethod() {
		if isOperation(v.Method(i).Type()) {
			out[v.Type().Method(i).Name] = bind(v.Method(i))
		}
	}
	return out
}

// NewInput returns a pointer to an empty input.
func (m Method) NewInput() any { return reflect.New(m.in).Interface() }

// Call runs the operation on an input that NewInput returned.
func (m Method) Call(ctx context.Context, in any) (any, error) {
	return m.call(ctx, reflect.ValueOf(in))
}

func bind(f reflect.Value) Method {
	return Method{in: f.Type().In(1).Elem(), call: func(ctx context.Context, in reflect.Value) (any, error) {
		results := f.Call([]reflect.Value{reflect.ValueOf(ctx), in})
		if err, ok := results[1].Interface().(error); ok {
			return nil, err
		}
		return results[0].Interface(), nil
	}}
}

func isOperation(t reflect.Type) bool {
	return t.NumIn() == 2 && t.NumOut() == 2 &&
		t.In(0) == reflect.TypeFor[context.Context]() && isStructPointer(t.In(1)) &&
		isStructPointer(t.Out(0)) && t.Out(1) == reflect.TypeFor[error]()
}

func isStructPointer(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}
