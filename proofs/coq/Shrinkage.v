(** Shrinkage optimality (Definition 1), what has it (Lemma 1, least squares), and what has not. *)
From W2S Require Import InnerSpace.

Section Shrinkage.
Context {V : inner_space}.

(** Definition 1: no multiple [a fS] with [0 <= a <= 1] fits the labels [fT] better than [fS]. *)
Definition shrinkage_optimal (fT fS : V) : Prop :=
  forall a, 0 <= a <= 1 -> vnorm (vsub fT fS) <= vnorm (vsub fT (vscale a fS)).

Lemma shrinkage_iff_ip (fT fS : V) : shrinkage_optimal fT fS <-> 0 <= ip fS (vsub fT fS).
Proof.
  pose proof (ip_pos V fS) as N. rewrite ip_sub_r. split.
  - intro H. apply Rnot_lt_le. intro C. set (n := ip fS fS) in *. set (p := ip fS fT) in *.
    assert (G : forall b, 0 <= b <= 1 -> 0 <= b * (2 * p - 2 * n + b * n)).
    { intros b Hb. specialize (H (1 - b) ltac:(lra)). apply vnorm_le in H. revert H.
      unfold n, p. expand. lra. }
    pose proof (G 1 ltac:(lra)). assert (0 < n) by lra. assert (E : (n - p) / n * n = n - p) by (field; lra).
    set (b := (n - p) / n) in *. assert (0 < b) by nra. assert (b <= 1) by nra.
    specialize (G b ltac:(lra)). nra.
  - intros H a Ha. apply vnorm_le. expand. rewrite ?(ip_sym V fT fS).
    assert (0 <= (1 - a) * (2 * (ip fS fT - ip fS fS) + (1 - a) * ip fS fS)); [| lra].
    apply Rmult_le_pos; nra.
Qed.

(** [def-1] Shrinkage optimality, the sign of an inner product, and the ball of diameter [[0, fT]]. *)
Theorem def_1 (fT fS : V) :
  (shrinkage_optimal fT fS <-> 0 <= ip fS (vsub fT fS)) /\
  (shrinkage_optimal fT fS <-> vnorm (vsub fS (vscale (1 / 2) fT)) <= vnorm fT / 2).
Proof.
  replace (vnorm fT / 2) with (vnorm (vscale (1 / 2) fT)) by (rewrite vnorm_scale; lra).
  rewrite shrinkage_iff_ip, vnorm_le. expand. lra.
Qed.

(** [def-1] It passes to limits: a student approximated by shrinkage optimal ones is one. *)
Theorem def_1_closed (fT fS : V) :
  (forall eps, 0 < eps -> exists g, shrinkage_optimal fT g /\ vnorm (vsub fS g) <= eps) ->
  shrinkage_optimal fT fS.
Proof.
  intro H. apply (proj2 (def_1 fT fS)), le_epsilon. intros eps He. destruct (H eps He) as (g & Hg & D).
  apply (proj2 (def_1 fT g)) in Hg. pose proof (triangle fS g (vscale (1 / 2) fT)). lra.
Qed.
(** [lem-1-convex] A minimiser of [||fT - f||^2 + R f] over a convex set that holds 0 (the whole
    space, or a norm ball), [R] convex and minimal at 0, is shrinkage optimal. *)
Theorem lem_1_convex (feasible : V -> Prop) (penalty : V -> R) (fT fS : V) :
  feasible vzero ->
  (forall a f g, 0 <= a <= 1 -> feasible f -> feasible g ->
    feasible (vadd (vscale a f) (vscale (1 - a) g)) /\
    penalty (vadd (vscale a f) (vscale (1 - a) g)) <= a * penalty f + (1 - a) * penalty g) ->
  (forall f, feasible f -> penalty vzero <= penalty f) ->
  feasible fS ->
  (forall f, feasible f -> loss fS fT + penalty fS <= loss f fT + penalty f) ->
  shrinkage_optimal fT fS.
Proof.
  intros F0 Hconv Hmin FS Hopt a Ha. apply vnorm_le. fold (loss fT fS). rewrite loss_sym.
  destruct (Hconv a fS vzero Ha FS F0) as [Fg Hg]. specialize (Hopt _ Fg). specialize (Hmin fS FS).
  set (g := vadd (vscale a fS) _) in *. assert (sqnorm (vsub fT (vscale a fS)) = loss g fT); [| nra].
  unfold g. expand. ring.
Qed.

(** A linear class: the span of a teacher's features is one, and so is its closure. *)
Definition linear_class (U : V -> Prop) : Prop :=
  forall a b f g, U f -> U g -> U (vadd (vscale a f) (vscale b g)).
Definition least_squares (U : V -> Prop) (target f : V) : Prop :=
  U f /\ forall g, U g -> loss f target <= loss g target.

(** [lem-ls] Population least squares is shrinkage optimal for the target, and its loss is what is
    missing of the target's energy. *)
Theorem lem_ls (U : V -> Prop) (target f : V) :
  linear_class U -> least_squares U target f ->
  shrinkage_optimal target f /\ loss f target = sqnorm target - sqnorm f.
Proof.
  intros HU [Hf Hmin]. assert (N : ip f f = ip f target).
  { assert (Q := discriminant 0 (ip f target - ip f f) (ip f f) (ip_pos V f)).
    apply Rminus_diag_uniq_sym, Rsqr_0_uniq, Rle_antisym, Rle_0_sqr. rewrite Rmult_0_l in Q. apply Q.
    intro b. specialize (Hmin _ (HU 1 b f f Hf Hf)). revert Hmin. expand. lra. }
  split; [apply shrinkage_iff_ip; rewrite ip_sub_r; lra |]. expand. lra.
Qed.
End Shrinkage.

Section Lemma1.
Context {V : inner_space} (e : nat -> V) (n : nat) (He : orthonormal e n).

(** The student that multiplies the [k]-th coefficient of the labels by [s k] (and is 0 on the
    orthogonal complement of the [e k], where the kernel vanishes). *)
Definition spectral_filter (s : nat -> R) (fT : V) : V := vsum (fun k => s k * ip (e k) fT) e n.

(** The identity behind Lemma 1. *)
Lemma filter_identity (s : nat -> R) (fT : V) :
  ip (spectral_filter s fT) (vsub fT (spectral_filter s fT))
  = rsum (fun k => s k * (1 - s k) * ip (e k) fT ^ 2) n.
Proof using He.
  unfold spectral_filter. rewrite ip_sub_r, ip_vsum_vsum, ip_vsum, <- rsum_minus by exact He.
  apply rsum_ext. intros. ring.
Qed.

(** [lem-1-filters] Every spectral filter with [0 <= s <= 1] is shrinkage optimal. *)
Theorem lem_1_filters (s : nat -> R) (fT : V) :
  (forall k, (k < n)%nat -> 0 <= s k <= 1) -> shrinkage_optimal fT (spectral_filter s fT).
Proof using He.
  intro H. apply shrinkage_iff_ip. rewrite filter_identity. apply rsum_pos. intros k Hk.
  specialize (H k Hk). apply Rmult_le_pos; [nra | apply pow2_ge_0].
Qed.

(** Gradient flow: [c' = lambda (target - c)] from 0 is solved by the filter below. *)
Definition flow_filter (t lambda : R) : R := 1 - exp (- (lambda * t)).
Lemma flow_filter_ode (lambda c t : R) :
  flow_filter 0 lambda = 0 /\
  is_derive (fun t => flow_filter t lambda * c) t (lambda * (c - flow_filter t lambda * c)).
Proof.
  unfold flow_filter. rewrite Rmult_0_r, Ropp_0, exp_0. split; [ring | auto_derive; [trivial | ring]].
Qed.
Lemma exp_anti x y : x <= y -> exp (- y) <= exp (- x).
Proof. intros [H | ->]; [apply Rlt_le, exp_increasing |]; lra. Qed.
Lemma flow_filter_range (t lambda : R) : 0 <= lambda -> 0 <= t -> 0 <= flow_filter t lambda <= 1.
Proof.
  intros Hl Ht. pose proof (exp_pos (- (lambda * t))). unfold flow_filter.
  assert (E := exp_anti 0 (lambda * t) ltac:(nra)). rewrite Ropp_0, exp_0 in E. lra.
Qed.

(** [lem-1] Gradient flow from 0, stopped at any time. *)
Theorem lem_1 (lambda : nat -> R) (t : R) (fT : V) :
  (forall k, (k < n)%nat -> 0 <= lambda k) -> 0 <= t ->
  let s := fun k => flow_filter t (lambda k) in
  let fS := spectral_filter s fT in
  ip fS (vsub fT fS) = rsum (fun k => s k * (1 - s k) * ip (e k) fT ^ 2) n /\ shrinkage_optimal fT fS.
Proof using He.
  intros. split; [apply filter_identity | apply lem_1_filters]. intros. apply flow_filter_range; auto.
Qed.

(** [lem-1-filters] Ridge regression with parameter [mu > 0]. *)
Theorem lem_1_ridge (lambda : nat -> R) (mu : R) (fT : V) :
  (forall k, (k < n)%nat -> 0 <= lambda k) -> 0 < mu ->
  shrinkage_optimal fT (spectral_filter (fun k => lambda k / (lambda k + mu)) fT).
Proof using He.
  intros Hl Hm. apply lem_1_filters. intros k Hk. specialize (Hl k Hk).
  split; apply Rmult_le_reg_r with (lambda k + mu); try field_simplify; lra.
Qed.

(** Gradient descent with step [eta]: [c(m+1) = c(m) + eta lambda (target - c(m))] from 0. *)
Fixpoint descent_filter (eta lambda : R) (steps : nat) : R :=
  match steps with O => 0 | S m => let c := descent_filter eta lambda m in c + eta * lambda * (1 - c) end.

(** [lem-1-filters] Gradient descent from 0, step at most [1 / lambda_max], any number of steps. *)
Theorem lem_1_gradient_descent (lambda : nat -> R) (eta lambda_max : R) (steps : nat) (fT : V) :
  (forall k, (k < n)%nat -> 0 <= lambda k <= lambda_max) -> 0 <= eta <= 1 / lambda_max ->
  0 < lambda_max -> shrinkage_optimal fT (spectral_filter (fun k => descent_filter eta (lambda k) steps) fT).
Proof using He.
  intros Hl [E0 E1] Hmax. apply lem_1_filters. intros k Hk. specialize (Hl k Hk).
  apply (Rmult_le_compat_r lambda_max) in E1; [field_simplify in E1 |]; [| lra | lra].
  assert (0 <= eta * lambda k <= 1) by nra. induction steps; cbn; [lra | nra].
Qed.

(** [lem-1-overshoot] It fails for a filter that overshoots: a label that shows [s j > 1] always exists. *)
Theorem lem_1_overshoot (s : nat -> R) (j : nat) :
  (j < n)%nat -> 1 < s j -> ~ shrinkage_optimal (e j) (spectral_filter s (e j)).
Proof using He.
  intros Hj Hs H. apply shrinkage_iff_ip in H. rewrite filter_identity in H.
  rewrite (rsum_ext _ (fun k => s k * (1 - s k) * ip (e k) (e j))), <- ip_vsum, ip_sym,
    ip_vsum_basis in H by (trivial; intros k Hk; rewrite He by trivial; destruct (k =? j)%nat; ring).
  nra.
Qed.
End Lemma1.
