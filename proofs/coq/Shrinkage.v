(** Shrinkage optimality (Definition 1), what has it (Lemma 1, least squares), and what has not. *)
From Coq Require Import Reals Lra Lia Psatz Arith.
From Coquelicot Require Import Coquelicot.
From W2S Require Import InnerSpace.
Open Scope R_scope.

Section Definition1.
Context {V : inner_space}.

(** Definition 1: no multiple [a fS] with [0 <= a <= 1] fits the labels [fT] better than [fS]. *)
Definition shrinkage_optimal (fT fS : V) : Prop :=
  forall a, 0 <= a <= 1 -> vnorm (vsub fT fS) <= vnorm (vsub fT (vscale a fS)).

Lemma shrinkage_iff_ip (fT fS : V) : shrinkage_optimal fT fS <-> 0 <= ip fS (vsub fT fS).
Proof.
  unfold shrinkage_optimal. split.
  - intro H. rewrite ip_sub_r.
    assert (G : forall a, 0 <= a <= 1 -> 0 <= (1 - a) * (2 * ip fS fT - (1 + a) * ip fS fS)).
    { intros a Ha. specialize (H a Ha). apply vnorm_le in H. expand_in H.
      rewrite !(ip_sym V fT fS) in H. nra. }
    pose proof (ip_pos V fS) as Hn. apply Rnot_lt_le. intro C.
    destruct (Rle_lt_dec 0 (ip fS fT)) as [P | P]; [| specialize (G 0 ltac:(lra)); lra].
    assert (Hn' : 0 < ip fS fS) by lra.
    assert (E : ip fS fT / ip fS fS * ip fS fS = ip fS fT) by (field; lra).
    set (q := ip fS fT / ip fS fS) in *.
    assert (0 <= q <= 1) as Q by (split; apply Rmult_le_reg_r with (ip fS fS); lra).
    specialize (G q Q). rewrite <- E in G, C. assert (q < 1) by nra.
    assert ((1 - q) * (1 - q) * ip fS fS <= 0) by nra. nra.
  - intros H a Ha. rewrite ip_sub_r in H. apply vnorm_le. expand. rewrite !(ip_sym V fT fS).
    pose proof (Rmult_le_pos (1 - a) _ ltac:(lra) H).
    pose proof (Rmult_le_pos _ _ (Rle_0_sqr (1 - a)) (ip_pos V fS)). unfold Rsqr in *. lra.
Qed.

Lemma shrinkage_iff_ball (fT fS : V) :
  shrinkage_optimal fT fS <-> vnorm (vsub fS (vscale (1 / 2) fT)) <= vnorm fT / 2.
Proof.
  assert (E : vnorm fT / 2 = vnorm (vscale (1 / 2) fT)).
  { rewrite vnorm_scale, Rabs_pos_eq; lra. }
  rewrite shrinkage_iff_ip, E, vnorm_le. expand. rewrite (ip_sym V fT fS). lra.
Qed.

(** [def-1] Shrinkage optimality, the sign of an inner product, and the ball of diameter [[0, fT]]. *)
Theorem def_1 (fT fS : V) :
  (shrinkage_optimal fT fS <-> 0 <= ip fS (vsub fT fS)) /\
  (shrinkage_optimal fT fS <-> vnorm (vsub fS (vscale (1 / 2) fT)) <= vnorm fT / 2).
Proof. split; [apply shrinkage_iff_ip | apply shrinkage_iff_ball]. Qed.

(** [def-1] It passes to limits: a student approximated by shrinkage optimal ones is one. *)
Theorem def_1_closed (fT fS : V) :
  (forall eps, 0 < eps -> exists g, shrinkage_optimal fT g /\ vnorm (vsub g fS) <= eps) ->
  shrinkage_optimal fT fS.
Proof.
  intro H. apply shrinkage_iff_ball, le_epsilon. intros eps He.
  destruct (H eps He) as (g & Hg & D). apply shrinkage_iff_ball in Hg.
  pose proof (triangle (vsub g (vscale (1 / 2) fT)) (vsub fS g)) as T.
  replace (vnorm (vadd _ _)) with (vnorm (vsub fS (vscale (1 / 2) fT))) in T.
  2: { apply (f_equal sqrt). expand. rewrite ?(ip_sym V fT fS), ?(ip_sym V fT g), ?(ip_sym V g fS). ring. }
  replace (vnorm (vsub fS g)) with (vnorm (vsub g fS)) in T by apply (f_equal sqrt), loss_sym.
  lra.
Qed.
End Definition1.

Section Lemma1.
Context {V : inner_space} (e : nat -> V) (n : nat) (He : orthonormal e n).

(** The student that multiplies the [k]-th coefficient of the labels by [s k] (and is 0 on the
    orthogonal complement of the [e k], where the kernel vanishes). *)
Definition spectral_filter (s : nat -> R) (fT : V) : V :=
  vsum (fun k => s k * ip (e k) fT) e n.

(** The identity behind Lemma 1. *)
Lemma filter_identity (s : nat -> R) (fT : V) :
  ip (spectral_filter s fT) (vsub fT (spectral_filter s fT))
  = rsum (fun k => s k * (1 - s k) * ip (e k) fT ^ 2) n.
Proof using He.
  unfold spectral_filter. rewrite ip_sub_r, ip_vsum_vsum, ip_vsum by exact He.
  rewrite <- rsum_minus. apply rsum_ext. intros. ring.
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
  flow_filter 0 lambda * c = 0 /\
  is_derive (fun t => flow_filter t lambda * c) t (lambda * (c - flow_filter t lambda * c)).
Proof.
  unfold flow_filter. split; [rewrite Rmult_0_r, Ropp_0, exp_0; ring |].
  auto_derive; [trivial | ring].
Qed.
Lemma flow_filter_range (t lambda : R) : 0 <= lambda -> 0 <= t -> 0 <= flow_filter t lambda <= 1.
Proof.
  intros Hl Ht. unfold flow_filter. pose proof (exp_pos (- (lambda * t))).
  assert (- (lambda * t) <= 0) as [N | ->] by nra; [| rewrite exp_0; lra].
  apply exp_increasing in N. rewrite exp_0 in N. lra.
Qed.

(** [lem-1] Gradient flow from 0, stopped at any time. *)
Theorem lem_1 (lambda : nat -> R) (t : R) (fT : V) :
  (forall k, (k < n)%nat -> 0 <= lambda k) -> 0 <= t ->
  let s := fun k => flow_filter t (lambda k) in
  let fS := spectral_filter s fT in
  ip fS (vsub fT fS) = rsum (fun k => s k * (1 - s k) * ip (e k) fT ^ 2) n /\ shrinkage_optimal fT fS.
Proof using He.
  intros Hl Ht. split; [apply filter_identity |].
  apply lem_1_filters. intros. apply flow_filter_range; auto.
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
  match steps with
  | O => 0
  | S m => descent_filter eta lambda m + eta * lambda * (1 - descent_filter eta lambda m)
  end.
Lemma descent_filter_closed eta lambda m :
  descent_filter eta lambda m = 1 - (1 - eta * lambda) ^ m.
Proof. induction m; cbn; [| rewrite IHm]; ring. Qed.

(** [lem-1-filters] Gradient descent from 0 with step at most [1 / lambda_max], after any number of steps. *)
Theorem lem_1_gradient_descent (lambda : nat -> R) (eta lambda_max : R) (steps : nat) (fT : V) :
  (forall k, (k < n)%nat -> 0 <= lambda k <= lambda_max) -> 0 < lambda_max ->
  0 <= eta <= 1 / lambda_max ->
  shrinkage_optimal fT (spectral_filter (fun k => descent_filter eta (lambda k) steps) fT).
Proof using He.
  intros Hl Hmax [E0 E1]. apply lem_1_filters. intros k Hk. rewrite descent_filter_closed.
  specialize (Hl k Hk).
  assert (eta * lambda_max <= 1) by (apply Rmult_le_compat_r with (r := lambda_max) in E1;
    [field_simplify in E1 |]; lra).
  assert (0 <= 1 - eta * lambda k <= 1) as [B C] by nra.
  pose proof (pow_le _ steps B). pose proof (pow_incr _ 1 steps (conj B C)) as P.
  rewrite pow1 in P. lra.
Qed.

(** [lem-1-overshoot] It fails for a filter that overshoots: a label that shows [s j > 1] always exists. *)
Theorem lem_1_overshoot (s : nat -> R) (j : nat) :
  (j < n)%nat -> 1 < s j -> ~ shrinkage_optimal (e j) (spectral_filter s (e j)).
Proof using He.
  intros Hj Hs H. apply shrinkage_iff_ip in H. rewrite filter_identity in H.
  rewrite (rsum_ext _ (fun k => s k * (1 - s k) * ip (e k) (e j))), <- ip_vsum, ip_sym,
    ip_vsum_basis in H by (assumption || (intros k Hk; rewrite He by assumption;
    destruct (Nat.eqb k j); ring)).
  nra.
Qed.

End Lemma1.

Section Regularised.
Context {V : inner_space}.

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
  intros F0 Hconv Hmin FS Hopt a Ha. apply vnorm_le.
  destruct (Hconv a fS vzero Ha FS F0) as [Fg Hg].
  specialize (Hopt _ Fg). specialize (Hmin fS FS).
  set (g := vadd (vscale a fS) (vscale (1 - a) vzero)) in *.
  replace (sqnorm (vsub fT (vscale a fS))) with (loss g fT)
    by (unfold g; expand; rewrite !(ip_sym V fT fS); ring).
  fold (loss fT fS). rewrite loss_sym. nra.
Qed.

(** A linear class: the span of a teacher's features is one, and so is its closure. *)
Definition linear_class (U : V -> Prop) : Prop :=
  forall a b f g, U f -> U g -> U (vadd (vscale a f) (vscale b g)).
Definition least_squares (U : V -> Prop) (target f : V) : Prop :=
  U f /\ forall g, U g -> loss f target <= loss g target.

(** The normal equations, from minimality alone. *)
Lemma normal_equations (U : V -> Prop) (target f g : V) :
  linear_class U -> least_squares U target f -> U g -> ip g (vsub target f) = 0.
Proof.
  intros HU [Hf Hmin] Hg.
  assert (Q : forall b, 0 <= b * b * ip g g - 2 * b * ip g (vsub target f)).
  { intro b. specialize (Hmin _ (HU 1 b f g Hf Hg)). expand_in Hmin. expand.
    rewrite !(ip_sym V f g), !(ip_sym V target g), !(ip_sym V target f) in Hmin. nra. }
  pose proof (ip_pos V g). set (p := ip g (vsub target f)) in *.
  specialize (Q (p / (ip g g + 1))).
  replace (_ - _) with (- (p * p) * (ip g g + 2) / (ip g g + 1) ^ 2) in Q by (field; lra).
  assert (0 <= - (p * p) * (ip g g + 2)); [| nra].
  apply Rmult_le_reg_r with (/ (ip g g + 1) ^ 2); [apply Rinv_0_lt_compat; nra |].
  unfold Rdiv in Q. lra.
Qed.

(** [lem-ls] Population least squares is shrinkage optimal for the target, and its loss is what is
    missing of the target's energy. *)
Theorem lem_ls (U : V -> Prop) (target f : V) :
  linear_class U -> least_squares U target f ->
  shrinkage_optimal target f /\ loss f target = sqnorm target - sqnorm f.
Proof.
  intros HU Hls. pose proof (normal_equations U target f f HU Hls (proj1 Hls)) as N. split.
  - apply shrinkage_iff_ip. lra.
  - expand. rewrite ip_sub_r in N. rewrite (ip_sym V target f). lra.
Qed.
End Regularised.
