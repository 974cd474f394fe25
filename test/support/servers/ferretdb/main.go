// A MongoDB-compatible server on SQLite files, for tests on machines without a mongod: ferretdb PORT FOLDER
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// MongoDB takes messages of up to 48 MB.
const maxMessage = 48_000_000

func main() {
	port, folder := os.Args[1], os.Args[2]
	socket := filepath.Join(folder, "ferretdb.sock")
	os.Remove(socket) // left by one that was killed
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socket},
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/?_pragma=synchronous(off)",
	})
	if err != nil {
		fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go serve("127.0.0.1:"+port, socket)
	if err := server.Run(ctx); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// serve lets one command in at a time. FerretDB reads, changes and writes a document in separate steps, so of two
// conditional updates at once both match; MongoDB promises that one document changes atomically.
func serve(address, socket string) {
	for !answers(socket) {
		time.Sleep(5 * time.Millisecond)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		fail(err)
	}
	var turn sync.Mutex
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			backend, err := net.Dial("unix", socket)
			if err != nil {
				return
			}
			defer backend.Close()
			for exchange(client, backend, &turn) == nil {
			}
		}()
	}
}

func answers(socket string) bool {
	backend, err := net.Dial("unix", socket)
	if err == nil {
		backend.Close()
	}
	return err == nil
}

func exchange(client, backend net.Conn, turn *sync.Mutex) error {
	request, err := readMessage(client)
	if err != nil {
		return err
	}
	answer, err := ask(backend, request, turn)
	if err != nil {
		return err
	}
	_, err = client.Write(answer)
	return err
}

func ask(backend net.Conn, request []byte, turn *sync.Mutex) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	if _, err := backend.Write(request); err != nil {
		return nil, err
	}
	return readMessage(backend)
}

// Every message of the protocol begins with its own length.
func readMessage(from io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head[:])
	if length < 16 || length > maxMessage {
		return nil, errors.New("not a message")
	}
	message := make([]byte, length)
	copy(message, head[:])
	_, err := io.ReadFull(from, message[4:])
	return message, err
}
