(** The alignment [kappa_S] and the master bound (ReLU networks, Theorem 3.1, before asymptotics). *)
From W2S Require Import Floors InnerSpace Shrinkage.

Section Projections.
Context {V : inner_space}.
Implicit Types (P : V -> V) (x y : V).

(** An orthogonal projection: self-adjoint and idempotent, as far as inner products can tell. *)
Definition orthogonal_projection P : Prop :=
  forall x y, ip (P x) y = ip x (P y) /\ ip (P x) (P y) = ip (P x) y.

Lemma projection_le P x : orthogonal_projection P -> ip (P x) x <= sqnorm x.
Proof.
  intro HP. destruct (HP x x) as [A B]. pose proof (sqnorm_pos (vsub (P x) x)) as C.
  revert A B C. expand. lra.
Qed.

(** [||(I - P_T) P_S||_op^2 <= k]: the teacher's loss on a unit target in S is at most [k]; [kappa_S] is
    the least such [k]. *)
Definition alignment_at_most (PT PS : V -> V) (k : R) : Prop :=
  0 <= k /\ forall g, loss (PT (PS g)) (PS g) <= k * sqnorm (PS g).

(** [kappa-alignment] The ideal early stop: [||P_S (f_T - f)||^2 <= kappa_S L_TE], [f_T = P_T f]. *)
Theorem kappa_alignment (PT PS : V -> V) (k : R) (target : V) :
  orthogonal_projection PT -> orthogonal_projection PS -> alignment_at_most PT PS k ->
  sqnorm (PS (vsub (PT target) target)) <= k * loss (PT target) target.
Proof.
  intros HT HS [K0 Hk]. set (h := vsub (PT target) target). set (g := PS h). specialize (Hk h).
  change (loss _ _) with (sqnorm h). fold g in Hk. assert (C := cauchy_schwarz_sqr (vsub (PT g) g) h).
  fold (loss (PT g) g) in C. replace (ip _ h) with (- sqnorm g) in C.
  2: { transitivity (- ip g h); [f_equal; apply HS |]. destruct (HT g target). unfold h. expand. lra. }
  pose proof (sqnorm_pos h). destruct (sqnorm_pos g) as [G | <-]; [| now apply Rmult_le_pos].
  apply Rmult_le_reg_l with (1 := G). apply (Rmult_le_compat_r (sqnorm h)) in Hk; lra.
Qed.
End Projections.

(** ** The master bound for gradient flow *)
Section MasterBound.
Context {V : inner_space} (e : nat -> V) (n : nat) (He : orthonormal e n).

(** The projection on the eigenfunctions in a set. *)
Definition eigenprojection (T : nat -> bool) : V -> V :=
  spectral_filter e n (fun i => if T i then 1 else 0).

Lemma filter_ip s x y : ip (spectral_filter e n s x) y = rsum (fun i => s i * ip (e i) x * ip (e i) y) n.
Proof using. apply ip_vsum. Qed.
Lemma filter_at s x i : (i < n)%nat -> ip (e i) (spectral_filter e n s x) = s i * ip (e i) x.
Proof using He. intro Hi. unfold spectral_filter. now rewrite ip_vsum_basis. Qed.
Lemma eigenprojection_spec T : orthogonal_projection (eigenprojection T).
Proof using He.
  intros x y. rewrite (ip_sym V x). unfold eigenprojection. rewrite !filter_ip.
  split; apply rsum_ext; intros i Hi; rewrite ?filter_at by trivial; destruct (T i); ring.
Qed.
Lemma bessel x : rsum (fun i => 1 * ip (e i) x * ip (e i) x) n <= sqnorm x.
Proof using He. rewrite <- filter_ip. exact (projection_le _ x (eigenprojection_spec (fun _ => true))). Qed.

(** [master-bound] Early-stopped gradient flow: [S0] carries the target, [lambda_0] is the least
    eigenvalue there, [lambda_out] the largest outside [S]. *)
Theorem master_bound_flow (S0 S : nat -> bool) (lambda : nat -> R) (lambda_0 lambda_out t k : R)
  (PT : V -> V) (target : V) :
  orthogonal_projection PT -> alignment_at_most PT (eigenprojection S) k -> sqnorm target = 1 ->
  (forall y, ip (eigenprojection S0 target) y = ip target y) ->
  (forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> S i = true /\ lambda_0 <= lambda i) /\
    (S i = false -> lambda i <= lambda_out)) -> 0 <= t ->
  let fT := PT target in
  let fS := spectral_filter e n (fun i => flow_filter t (lambda i)) fT in
  loss fS target <= master_bound k (loss fT target) lambda_0 lambda_out t.
Proof using He.
  intros HT Hk Hunit Hin Hl Ht fT fS. unfold master_bound. set (L := loss fT target).
  set (s := fun i => flow_filter t (lambda i)) in *.
  set (z0 := exp (- (lambda_0 * t))). set (z := exp (- (lambda_out * t))).
  set (h := vsub fT target). set (PS := eigenprojection S) in *.
  (* what the student has not learnt yet of its labels on S_0 *)
  set (d := fun i => if S0 i then 1 - s i else 0). set (D := spectral_filter e n d fT).
  assert (F : forall i, (i < n)%nat -> (S0 i = false -> ip (e i) target = 0) /\ (S0 i = true -> S i = true) /\
    0 <= d i <= z0 /\ 0 <= 1 - s i ^ 2 /\ (S i = false -> 0 <= (1 - z) ^ 2 - s i ^ 2)).
  { intros i Hi. destruct (Hl i Hi) as (P & A & O). pose proof (flow_filter_range t (lambda i) P Ht).
    unfold d, s, z, z0, flow_filter in *. assert (X := exp_anti (lambda_0 * t) (lambda i * t)).
    assert (Y := exp_anti (lambda i * t) (lambda_out * t)). pose proof (exp_pos (- (lambda_0 * t))).
    assert (U := Hin (e i)). rewrite ip_sym, (ip_sym V target) in U. unfold eigenprojection in U.
    rewrite filter_at in U by trivial. splits; try intro E; try rewrite E in U; try lra; try nra.
    - now apply A.
    - destruct (S0 i); lra.
    - destruct (S0 i); [destruct (A eq_refl); nra | lra].
    - specialize (O E). assert (0 <= lambda_out * t - lambda i * t) by nra. nra. }
  assert (E : loss fS target <= ip (PS h) h - 2 * ip D h + ip D D + (1 - z) ^ 2 * L).
  { apply Rle_trans with (2 := Rplus_le_compat_l _ _ _
      (Rmult_le_compat_l _ _ _ (pow2_ge_0 (1 - z)) (bessel h))).
    unfold loss, sqnorm. rewrite ip_sub, <- Hin. unfold fS at 1, D at 1 2, PS, eigenprojection.
    rewrite !filter_ip, <- !rsum_scal, <- !rsum_minus, <- !rsum_plus. apply rsum_le. intros i Hi.
    destruct (F i Hi) as (T & A & _ & Q & O). unfold fS, D. rewrite ip_sub_r, !filter_at by trivial.
    unfold h, d. rewrite ip_sub_r. set (c := ip (e i) fT). set (f := ip (e i) target) in *.
    pose proof (Rmult_le_pos _ _ (pow2_ge_0 (1 - z)) (pow2_ge_0 (c - f))).
    pose proof (Rmult_le_pos _ _ Q (pow2_ge_0 c)). destruct (S0 i), (S i); try discriminate (A eq_refl);
      try rewrite (T eq_refl) in *; try lra. pose proof (Rmult_le_pos _ _ (O eq_refl) (pow2_ge_0 c)). lra. }
  assert (C := cauchy_schwarz D (PS h)). apply Rabs_le_between in C.
  replace (ip D (PS h)) with (ip D h) in C.
  2: { unfold D, PS, eigenprojection. rewrite !filter_ip. apply rsum_ext. intros i Hi.
       destruct (F i Hi) as (_ & A & _). rewrite filter_at by trivial.
       unfold d. destruct (S0 i), (S i); try discriminate (A eq_refl); ring. }
  assert (N : vnorm D <= z0 * sqrt (1 - L)).
  { assert (Z : 0 <= z0) by apply Rlt_le, exp_pos. rewrite <- (sqrt_pow2 z0 Z), <- sqrt_mult_alt by nra.
    replace (1 - L) with (sqnorm fT) by (unfold L, fT; rewrite <- Hunit; destruct (HT target target) as [P Q];
      revert P Q; expand; lra).
    apply sqrt_le_1_alt, Rle_trans with (2 := Rmult_le_compat_l _ _ _ (pow2_ge_0 z0) (bessel fT)).
    unfold sqnorm, D at 1. rewrite filter_ip, <- rsum_scal. apply rsum_le. intros i Hi.
    destruct (F i Hi) as (_ & _ & G & _). unfold D. rewrite filter_at by trivial.
    pose proof (Rmult_le_pos (z0 ^ 2 - d i ^ 2) _ ltac:(nra) (pow2_ge_0 (ip (e i) fT))). lra. }
  assert (A : vnorm (PS h) <= sqrt (k * L)).
  { apply sqrt_le_1_alt, kappa_alignment; trivial. apply eigenprojection_spec. }
  assert (X := proj2 (eigenprojection_spec S h h)). fold PS in X. rewrite <- X, <- !vnorm_sqr in E.
  pose proof (vnorm_pos D). pose proof (vnorm_pos (PS h)).
  assert ((vnorm (PS h) + vnorm D) ^ 2 <= (sqrt (k * L) + z0 * sqrt (1 - L)) ^ 2) by (apply pow_incr; lra).
  lra.
Qed.
End MasterBound.
