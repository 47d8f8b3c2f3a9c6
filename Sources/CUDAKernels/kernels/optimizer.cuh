// Optimizers, in place. Rates are computed by the host before each step; what a gradient is multiplied by is an operand.

/// Returns what gradients are multiplied by: 1 if there is no factor.
CGAD_DEVICE float factor_at(const float *factor) { return factor == nullptr ? 1.0f : *factor; }

CGAD_KERNEL(
  cgad_cuda_sgd, i64 n, float *p, const float *g, const float *factor, const double *rate_, const double *keep_,
  float decay) {
  float scale = factor_at(factor), rate = (float)*rate_, keep = (float)*keep_;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float w = p[i] * keep;
    p[i] = w - (g[i] * scale + w * decay) * rate;
  }
}

CGAD_KERNEL(
  cgad_cuda_sgd_momentum, i64 n, float *p, float *velocity, const float *g, const float *factor, const double *rate_,
  const double *keep_, float momentum, i64 nesterov, float decay) {
  float scale = factor_at(factor), rate = (float)*rate_, keep = (float)*keep_;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float w = p[i] * keep, d = g[i] * scale + w * decay, v = velocity[i] * momentum + d;
    velocity[i] = v;
    p[i] = w - (nesterov ? d + v * momentum : v) * rate;
  }
}

/// The numbers that depend on the step: the corrected rate, what weights keep, and the correction of the root.
CGAD_KERNEL(
  cgad_cuda_adam, i64 n, float *p, float *m, float *v, const float *g, const float *factor, const double *rate_,
  const double *keep_, const double *correction_, float decay, float beta1_rest, float beta2, float beta2_rest,
  float epsilon) {
  float scale = factor_at(factor), rate = (float)*rate_, keep = (float)*keep_, correction = (float)*correction_;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float w = p[i] * keep, d = g[i] * scale + w * decay;
    float first = m[i] + (d - m[i]) * beta1_rest, second = v[i] * beta2 + d * d * beta2_rest;
    m[i] = first;
    v[i] = second;
    p[i] = w - first * rate / (v_sqrt(second) * correction + epsilon);
  }
}

/// There is a velocity iff its address is not null.
CGAD_KERNEL(
  cgad_cuda_rmsprop, i64 n, float *p, float *v, float *velocity, const float *g, const float *factor,
  const double *rate_, float alpha, float alpha_rest, float epsilon, float momentum, float decay) {
  float scale = factor_at(factor), rate = (float)*rate_;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float w = p[i], d = g[i] * scale + w * decay, second = v[i] * alpha + d * d * alpha_rest;
    float step = d / (v_sqrt(second) + epsilon);
    v[i] = second;
    if (velocity != nullptr) {
      step = velocity[i] * momentum + step;
      velocity[i] = step;
    }
    p[i] = w - step * rate;
  }
}

CGAD_KERNEL(
  cgad_cuda_lion, i64 n, float *p, float *m, const float *g, const float *factor, const double *rate_,
  const double *keep_, float beta1_rest, float beta2_rest) {
  float scale = factor_at(factor), rate = (float)*rate_, keep = (float)*keep_;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float w = p[i], d = g[i] * scale, first = m[i];
    float direction = v_sign(first + (d - first) * beta1_rest);
    m[i] = first + (d - first) * beta2_rest;
    p[i] = w * keep - direction * rate;
  }
}

/// Starts the sum in the first micro-batch of a step, and adds to it in the others.
CGAD_KERNEL(cgad_cuda_accumulate, i64 n, float *sum, const float *g, const cgad_step_keys *keys) {
  bool starts = (keys->source & 0xffff) == 0;
  for (i64 i = global_thread(); i < n; i += global_threads()) sum[i] = starts ? g[i] : sum[i] + g[i];
}
