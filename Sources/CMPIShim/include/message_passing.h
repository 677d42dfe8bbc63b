// Messages between the processes of one MPI job, in functions without an MPI type: what MPI_COMM_WORLD and its kin
// are differs from library to library, and Swift can import none of it.
//
// Every function but ew_mpi_is_built returns an MPI error code, 0 for success, and belongs on one thread: that which
// called ew_mpi_start. Without the package trait MPI they all fail.
#ifndef EDGEWISE_MESSAGE_PASSING_H
#define EDGEWISE_MESSAGE_PASSING_H

#include <stddef.h>

// A message, or a part of one, on its way.
typedef struct ew_mpi_transfer ew_mpi_transfer;

// 1 if the library is behind these functions, 0 if they are built without it.
int ew_mpi_is_built(void);

// Joins the job. Calls come from this thread only (MPI_THREAD_FUNNELED), and errors return.
int ew_mpi_start(int *rank, int *size);

// Begins to send; `synchronous` makes it end only when the receiver has begun to receive.
int ew_mpi_send(const void *bytes, int count, int to, int tag, int synchronous, ew_mpi_transfer **transfer);

// Begins to receive `count` bytes.
int ew_mpi_receive(void *bytes, int count, int from, int tag, ew_mpi_transfer **transfer);

// Whether a transfer is over; if so, or if it fails, it is freed. A receipt of fewer bytes than `count` fails.
int ew_mpi_test(ew_mpi_transfer *transfer, int *is_over);

// Leaves the job in good order, together with all others.
int ew_mpi_finish(void);

// Ends all processes of the job.
void ew_mpi_abort(int exit_code);

// What an error code means.
void ew_mpi_error_text(int code, char *text, size_t capacity);

#endif
