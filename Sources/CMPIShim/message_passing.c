#include "message_passing.h"

#include <stdio.h>

#ifdef EDGEWISE_MPI

#include <mpi.h>
#include <stdlib.h>

struct ew_mpi_transfer {
  MPI_Request request;
  int expected;  // -1 for a message that is sent
};

static MPI_Comm job;

int ew_mpi_is_built(void) { return 1; }

int ew_mpi_start(int *rank, int *size) {
  int level = MPI_THREAD_SINGLE;
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
  if (code) return code;
  // MPI makes standard output fully buffered in some launchers: nothing would be seen before the end.
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (level < MPI_THREAD_FUNNELED) return MPI_ERR_UNSUPPORTED_OPERATION;
  if ((code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN))) return code;
  if ((code = MPI_Comm_dup(MPI_COMM_WORLD, &job))) return code;
  if ((code = MPI_Comm_rank(job, rank))) return code;
  return MPI_Comm_size(job, size);
}

// Hands over a transfer that has begun, or frees it.
static int begun(int code, ew_mpi_transfer *begun, ew_mpi_transfer **transfer) {
  if (code) free(begun);
  *transfer = code ? NULL : begun;
  return code;
}

int ew_mpi_send(const void *bytes, int count, int to, int tag, int synchronous, ew_mpi_transfer **transfer) {
  ew_mpi_transfer *sent = malloc(sizeof *sent);
  if (!sent) return MPI_ERR_NO_MEM;
  sent->expected = -1;
  int code = synchronous ? MPI_Issend(bytes, count, MPI_BYTE, to, tag, job, &sent->request)
                         : MPI_Isend(bytes, count, MPI_BYTE, to, tag, job, &sent->request);
  return begun(code, sent, transfer);
}

int ew_mpi_receive(void *bytes, int count, int from, int tag, ew_mpi_transfer **transfer) {
  ew_mpi_transfer *received = malloc(sizeof *received);
  if (!received) return MPI_ERR_NO_MEM;
  received->expected = count;
  return begun(MPI_Irecv(bytes, count, MPI_BYTE, from, tag, job, &received->request), received, transfer);
}

int ew_mpi_test(ew_mpi_transfer *transfer, int *is_over) {
  MPI_Status status;
  int code = MPI_Test(&transfer->request, is_over, &status);
  int expected = transfer->expected, count = expected;
  if (!code && !*is_over) return code;
  free(transfer);
  if (!code && expected >= 0) code = MPI_Get_count(&status, MPI_BYTE, &count);
  return !code && count != expected ? MPI_ERR_TRUNCATE : code;
}

int ew_mpi_finish(void) {
  int code = MPI_Comm_free(&job);
  return code ? code : MPI_Finalize();
}

void ew_mpi_abort(int exit_code) { MPI_Abort(MPI_COMM_WORLD, exit_code); }

void ew_mpi_error_text(int code, char *text, size_t capacity) {
  char whole[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  if (MPI_Error_string(code, whole, &length)) snprintf(whole, sizeof whole, "error %d", code);
  snprintf(text, capacity, "%s", whole);
}

#else

int ew_mpi_is_built(void) { return 0; }

int ew_mpi_start(int *rank, int *size) {
  *rank = 0;
  *size = 1;
  return 1;
}

int ew_mpi_send(const void *bytes, int count, int to, int tag, int synchronous, ew_mpi_transfer **transfer) {
  (void)bytes, (void)count, (void)to, (void)tag, (void)synchronous;
  *transfer = NULL;
  return 1;
}

int ew_mpi_receive(void *bytes, int count, int from, int tag, ew_mpi_transfer **transfer) {
  (void)bytes, (void)count, (void)from, (void)tag;
  *transfer = NULL;
  return 1;
}

int ew_mpi_test(ew_mpi_transfer *transfer, int *is_over) {
  (void)transfer;
  *is_over = 0;
  return 1;
}

int ew_mpi_finish(void) { return 1; }

void ew_mpi_abort(int exit_code) { (void)exit_code; }

void ew_mpi_error_text(int code, char *text, size_t capacity) {
  (void)code;
  snprintf(text, capacity, "built without MPI");
}

#endif
