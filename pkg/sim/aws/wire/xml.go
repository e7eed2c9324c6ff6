package wire

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"reflect"
	"time"
)

// xmlWriter writes elements and keeps the first error.
type xmlWriter struct {
	buf bytes.Buffer
	enc *xml.Encoder
	err error
}

func newXMLWriter() *xmlWriter {
	x := &xmlWriter{}
	x.enc = xml.NewEncoder(&x.buf)
	return x
}

func (x *xmlWriter) token(t xml.Token) {
	if x.err == nil {
		x.err = x.enc.EncodeToken(t)
	}
}

func (x *xmlWriter) open(name string, attrs ...xml.Attr) {
	x.token(xml.StartElement{Name: xml.Name{Local: name}, Attr: attrs})
}

func (x *xmlWriter) close(name string) { x.token(xml.EndElement{Name: xml.Name{Local: name}}) }

func (x *xmlWriter) text(name, value string) {
	x.open(name)
	x.token(xml.CharData(value))
	x.close(name)
}

// members writes the members of an SDK struct; those that are not set are left out.
func (x *xmlWriter) members(v reflect.Value) {
	for name, i := range members(v.Type()) {
		if !absent(v.Field(i)) {
			x.value(name, v.Field(i))
		}
	}
}

func (x *xmlWriter) value(name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		x.value(name, v.Elem())
	case reflect.Struct:
		if v.Type() == timeType {
			x.text(name, v.Interface().(time.Time).UTC().Format("2006-01-02T15:04:05.000Z"))
			return
		}
		x.open(name)
		x.members(v)
		x.close(name)
	case reflect.Slice:
		x.open(name)
		for i := range v.Len() {
			x.value("member", v.Index(i))
		}
		x.close(name)
	default:
		x.text(name, fmt.Sprint(v.Interface()))
	}
}

func (x *xmlWriter) finish() ([]byte, error) {
	if x.err == nil {
		x.err = x.enc.Flush()
	}
	return x.buf.Bytes(), x.err
}
