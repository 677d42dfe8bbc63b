// HDF5's C interface, and the macros of it that Swift cannot import.
//
// The H5T_… and H5P_… names open the library before they read a global, so each has a function here.
// Link iteration and link information changed their types in HDF5 1.12; the functions below compile
// against both.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_exclusive(void) { return H5F_ACC_EXCL; }
static inline unsigned chdf5_all_objects(void) { return H5F_OBJ_ALL; }

static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_everything(void) { return H5S_ALL; }
static inline hid_t chdf5_error_stack(void) { return H5E_DEFAULT; }

static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_dataset_transfer(void) { return H5P_DATASET_XFER; }

static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t chdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }

static inline hid_t chdf5_stored_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_stored_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_stored_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_stored_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_stored_uint64(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_stored_uint8(void) { return H5T_STD_U8LE; }

static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline size_t chdf5_variable(void) { return H5T_VARIABLE; }

// Begins to bring what was written to the file of an object to the storage device, without waiting for it
// and without a promise: Linux's sync_file_range, which the C library declares to GNU sources only.
static inline void chdf5_begin_writeback(hid_t object) {
  const unsigned sync_file_range_write = 2;
  hid_t file = H5Iget_file_id(object);
  void *descriptor = NULL;
  if (file < 0) return;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor) >= 0 && descriptor)
    (void)syscall(SYS_sync_file_range, *(int *)descriptor, 0L, 0L, sync_file_range_write);
  H5Idec_ref(file);
}

// Receives a name; a result other than 0 ends the iteration.
typedef int (*chdf5_name_visitor)(const char *name, void *context);

typedef struct {
  chdf5_name_visitor visit;
  void *context;
} chdf5_visit;

static inline herr_t chdf5_visit_link(
    hid_t group, const char *name, const H5L_info_t *info, void *data) {
  (void)group;
  (void)info;
  chdf5_visit *visit = (chdf5_visit *)data;
  return visit->visit(name, visit->context);
}

static inline herr_t chdf5_visit_attribute(
    hid_t object, const char *name, const H5A_info_t *info, void *data) {
  (void)object;
  (void)info;
  chdf5_visit *visit = (chdf5_visit *)data;
  return visit->visit(name, visit->context);
}

// Calls `visitor` with the name of every link of `group`, in the order of `index`.
static inline herr_t chdf5_link_names(
    hid_t group, H5_index_t index, chdf5_name_visitor visitor, void *context) {
  chdf5_visit visit = {visitor, context};
  return H5Literate(group, index, H5_ITER_INC, NULL, chdf5_visit_link, &visit);
}

// Calls `visitor` with the name of every attribute of `object`, in the order of `index`.
static inline herr_t chdf5_attribute_names(
    hid_t object, H5_index_t index, chdf5_name_visitor visitor, void *context) {
  chdf5_visit visit = {visitor, context};
  return H5Aiterate2(object, index, H5_ITER_INC, NULL, chdf5_visit_attribute, &visit);
}

// 1 for a hard link, 0 for a soft, external or user-defined one, negative on failure.
static inline int chdf5_link_is_hard(hid_t group, const char *name) {
  H5L_info_t info;
  herr_t status = H5Lget_info(group, name, &info, H5P_DEFAULT);
  return status < 0 ? -1 : info.type == H5L_TYPE_HARD;
}

#endif
