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

(** The student's loss by what has leaked of the teacher's noise outside [S]; [S0] carries the target,
    [lambda_0] is the least eigenvalue there. *)
Section Leak.
Context (S0 S : nat -> bool) (lambda : nat -> R) (lambda_0 t k : R) (PT : V -> V) (target : V).
Hypothesis HT : orthogonal_projection PT.
Hypothesis Hk : alignment_at_most PT (eigenprojection S) k.
Hypothesis Hunit : sqnorm target = 1.
Hypothesis Hin : forall y, ip (eigenprojection S0 target) y = ip target y.
Hypothesis Hl : forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> S i = true /\ lambda_0 <= lambda i).
Hypothesis Ht : 0 <= t.
Let fT : V := PT target.
Let h : V := vsub fT target.
Let L : R := loss fT target.
Let s (i : nat) : R := flow_filter t (lambda i).

(** The teacher's energy outside [S], each eigenfunction with a weight. *)
Let noise (weight : nat -> R) : R := rsum (fun i => if S i then 0 else weight i * ip (e i) fT ^ 2) n.

Lemma off_target i : (i < n)%nat -> S0 i = false -> ip (e i) target = 0.
Proof using He Hin.
  intros Hi E. assert (U := Hin (e i)). rewrite ip_sym, (ip_sym V target) in U. unfold eigenprojection in U.
  rewrite filter_at, E in U by trivial. lra.
Qed.
Lemma off_S i : (i < n)%nat -> S i = false -> ip (e i) h = ip (e i) fT.
Proof using He Hin Hl.
  intros Hi E. unfold h. rewrite ip_sub_r, off_target; trivial; [ring |].
  destruct (S0 i) eqn:F; trivial. destruct (Hl i Hi) as (_ & A). destruct (A F). congruence.
Qed.

Lemma bound_with_leak :
  loss (spectral_filter e n s fT) target
  <= (sqrt (k * L) + exp (- (lambda_0 * t)) * sqrt (1 - L)) ^ 2 + noise (fun i => s i ^ 2).
Proof using He HT Hk Hunit Hin Hl Ht.
  set (fS := spectral_filter e n s fT). set (z0 := exp (- (lambda_0 * t))). set (PS := eigenprojection S) in *.
  (* what the student has not learnt yet of its labels on S_0 *)
  set (d := fun i => if S0 i then 1 - s i else 0). set (D := spectral_filter e n d fT).
  assert (F : forall i, (i < n)%nat -> (S0 i = true -> S i = true) /\ 0 <= d i <= z0 /\ 0 <= 1 - s i ^ 2).
  { intros i Hi. destruct (Hl i Hi) as (P & A). pose proof (flow_filter_range t (lambda i) P Ht).
    unfold d, s, z0, flow_filter in *. assert (X := exp_anti (lambda_0 * t) (lambda i * t)).
    pose proof (exp_pos (- (lambda_0 * t))). splits; try lra; try nra.
    - now apply A.
    - destruct (S0 i); lra.
    - destruct (S0 i); [destruct (A eq_refl); nra | lra]. }
  assert (E : loss fS target <= ip (PS h) h - 2 * ip D h + ip D D + noise (fun i => s i ^ 2)).
  { unfold loss, sqnorm, noise. rewrite ip_sub, <- Hin. unfold fS at 1, D at 1 2, PS, eigenprojection.
    rewrite !filter_ip, <- !rsum_scal, <- !rsum_minus, <- !rsum_plus. apply rsum_le. intros i Hi.
    destruct (F i Hi) as (A & _ & Q). assert (T := off_target i Hi). unfold fS, D.
    rewrite ip_sub_r, !filter_at by trivial. unfold h, d. rewrite ip_sub_r.
    set (c := ip (e i) fT). set (f := ip (e i) target) in *.
    pose proof (Rmult_le_pos _ _ Q (pow2_ge_0 c)). destruct (S0 i), (S i); try discriminate (A eq_refl);
      try rewrite (T eq_refl) in *; lra. }
  assert (C := cauchy_schwarz D (PS h)). apply Rabs_le_between in C.
  replace (ip D (PS h)) with (ip D h) in C.
  2: { unfold D, PS, eigenprojection. rewrite !filter_ip. apply rsum_ext. intros i Hi.
       destruct (F i Hi) as (A & _). rewrite filter_at by trivial.
       unfold d. destruct (S0 i), (S i); try discriminate (A eq_refl); ring. }
  assert (N : vnorm D <= z0 * sqrt (1 - L)).
  { assert (Z : 0 <= z0) by apply Rlt_le, exp_pos. rewrite <- (sqrt_pow2 z0 Z), <- sqrt_mult_alt by nra.
    replace (1 - L) with (sqnorm fT) by (unfold L, fT; rewrite <- Hunit; destruct (HT target target) as [P Q];
      revert P Q; expand; lra).
    apply sqrt_le_1_alt, Rle_trans with (2 := Rmult_le_compat_l _ _ _ (pow2_ge_0 z0) (bessel fT)).
    unfold sqnorm, D at 1. rewrite filter_ip, <- rsum_scal. apply rsum_le. intros i Hi.
    destruct (F i Hi) as (_ & G & _). unfold D. rewrite filter_at by trivial.
    pose proof (Rmult_le_pos (z0 ^ 2 - d i ^ 2) _ ltac:(nra) (pow2_ge_0 (ip (e i) fT))). lra. }
  assert (A : vnorm (PS h) <= sqrt (k * L)).
  { apply sqrt_le_1_alt, kappa_alignment; trivial. apply eigenprojection_spec. }
  assert (X := proj2 (eigenprojection_spec S h h)). fold PS in X. rewrite <- X, <- !vnorm_sqr in E.
  pose proof (vnorm_pos D). pose proof (vnorm_pos (PS h)).
  assert ((vnorm (PS h) + vnorm D) ^ 2 <= (sqrt (k * L) + z0 * sqrt (1 - L)) ^ 2) by (apply pow_incr; lra).
  lra.
Qed.

Lemma noise_le v w : (forall i, (i < n)%nat -> S i = false -> v i <= w i) -> noise v <= noise w.
Proof using.
  intro H. apply rsum_le. intros i Hi. destruct (S i) eqn:E; [lra |].
  apply Rmult_le_compat_r; auto using pow2_ge_0.
Qed.
Lemma noise_const c : 0 <= c -> noise (fun _ => c) <= c * L.
Proof using He Hin Hl.
  intro Hc. apply Rle_trans with (2 := Rmult_le_compat_l _ _ _ Hc (bessel h)).
  unfold noise. rewrite <- rsum_scal. apply rsum_le. intros i Hi.
  pose proof (Rmult_le_pos _ _ Hc (pow2_ge_0 (ip (e i) h))).
  destruct (S i) eqn:E; [lra |]. rewrite off_S in * by trivial. lra.
Qed.

(** Up to a larger set the noise is bounded by the alignment of that set. *)
Lemma noise_aligned (T : nat -> bool) (kT : R) : alignment_at_most PT (eigenprojection T) kT ->
  noise (fun i => if T i then 1 else 0) <= kT * L.
Proof using He HT Hin Hl.
  intro HkT. apply Rle_trans with (2 := kappa_alignment PT _ kT target HT (eigenprojection_spec T) HkT).
  fold fT h. unfold sqnorm. rewrite (proj2 (eigenprojection_spec T h h)). unfold eigenprojection.
  rewrite filter_ip. apply rsum_le. intros i Hi. pose proof (pow2_ge_0 (ip (e i) h)).
  destruct (S i) eqn:E, (T i); try lra; rewrite off_S by trivial; lra.
Qed.

(** By parts over a chain of sets that begins with [S]: no eigenvalue beyond the [i]-th exceeds
    [beyond i]. *)
Lemma noise_by_parts (T : nat -> nat -> bool) (aligned beyond : nat -> R) (m : nat)
  (p := fun i => flow_filter t (beyond i) ^ 2) :
  (forall i, T 0%nat i = S i) -> (forall j i, (j < m)%nat -> T j i = true -> T (1 + j)%nat i = true) ->
  (forall j, (j <= m)%nat -> alignment_at_most PT (eigenprojection (T j)) (aligned j)) ->
  (forall j i, (j <= m)%nat -> (i < n)%nat -> T j i = false -> lambda i <= beyond j) ->
  (forall j, (j < m)%nat -> 0 <= beyond (1 + j)%nat <= beyond j) -> 0 <= beyond m ->
  noise (fun i => s i ^ 2) <= (rsum (fun j => (p j - p (1 + j)%nat) * aligned (1 + j)%nat) m + p m) * L.
Proof using He HT Hin Hl Ht.
  intros T0 TS K B D Dm.
  assert (Q : forall a b, 0 <= a <= b -> flow_filter t a ^ 2 <= flow_filter t b ^ 2).
  { intros a b [A0 AB]. pose proof (flow_filter_range t a A0 Ht).
    assert (X := exp_anti (a * t) (b * t) ltac:(nra)). unfold flow_filter in *. nra. }
  assert (O : forall j i, (j <= m)%nat -> (i < n)%nat -> T j i = false -> s i ^ 2 <= p j).
  { intros j i Hj Hi E. apply Q. split; [apply Hl; trivial | now apply B]. }
  assert (P : forall j, (j <= m)%nat ->
    noise (fun i => if T j i then s i ^ 2 else 0)
    <= rsum (fun j => (p j - p (1 + j)%nat) * aligned (1 + j)%nat) j * L
       + p j * noise (fun i => if T j i then 1 else 0)).
  { induction j as [| j IH]; intro Hj.
    - cbn [rsum]. rewrite Rmult_0_l, Rplus_0_l. unfold noise. rewrite <- rsum_scal. apply Req_le, rsum_ext.
      intros i _. rewrite T0. destruct (S i); ring.
    - specialize (IH ltac:(lia)). assert (G : p (1 + j)%nat <= p j) by (apply Q, D; lia).
      assert (A := noise_aligned (T (1 + j)%nat) _ (K (1 + j)%nat ltac:(lia))).
      apply (Rmult_le_compat_l (p j - p (1 + j)%nat)) in A; [| lra]. cbn [rsum].
      change (Datatypes.S j) with (1 + j)%nat.
      enough (noise (fun i => if T (1 + j)%nat i then s i ^ 2 else 0)
        <= noise (fun i => if T j i then s i ^ 2 else 0)
           + p j * (noise (fun i => if T (1 + j)%nat i then 1 else 0) - noise (fun i => if T j i then 1 else 0)))
        by lra.
      unfold noise. rewrite <- rsum_minus, <- rsum_scal, <- rsum_plus. apply rsum_le. intros i Hi.
      assert (M := TS j i ltac:(lia)). pose proof (pow2_ge_0 (ip (e i) fT)).
      destruct (S i); [lra |]. destruct (T j i) eqn:E; [rewrite M by trivial; lra |].
      destruct (T (1 + j)%nat i); [| lra]. specialize (O j i ltac:(lia) Hi E).
      apply (Rmult_le_compat_r _ _ _ H) in O. lra. }
  specialize (P m (le_n m)). assert (p0 : 0 <= p m) by apply pow2_ge_0.
  assert (C := noise_const (p m) p0).
  enough (noise (fun i => s i ^ 2) <= noise (fun i => if T m i then s i ^ 2 else 0)
    + (noise (fun _ => p m) - p m * noise (fun i => if T m i then 1 else 0))) by lra.
  unfold noise. rewrite <- rsum_scal, <- rsum_minus, <- rsum_plus. apply rsum_le. intros i Hi.
  pose proof (pow2_ge_0 (ip (e i) fT)). destruct (S i); [lra |]. destruct (T m i) eqn:E; [lra |].
  specialize (O m i (le_n m) Hi E). apply (Rmult_le_compat_r _ _ _ H) in O. lra.
Qed.
End Leak.

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
  intros HT Hk Hunit Hin Hl Ht fT fS.
  assert (Hl' : forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> S i = true /\ lambda_0 <= lambda i))
    by (intros i Hi; destruct (Hl i Hi) as (P & A & _); auto).
  apply Rle_trans with (1 := bound_with_leak S0 S lambda lambda_0 t k PT target HT Hk Hunit Hin Hl' Ht).
  unfold master_bound. apply Rplus_le_compat_l.
  apply Rle_trans with (2 := noise_const S0 S lambda lambda_0 PT target Hin Hl' _ (pow2_ge_0 _)).
  apply noise_le. intros i Hi E. destruct (Hl i Hi) as (P & _ & O). specialize (O E).
  pose proof (flow_filter_range t (lambda i) P Ht).
  assert (X := exp_anti (lambda i * t) (lambda_out * t) ltac:(nra)). unfold flow_filter in *. nra.
Qed.

(** What leaks out over a chain of sets, over the teacher's loss: by parts, and at once beyond the last. *)
Definition leaked (aligned beyond : nat -> R) (t : R) (m : nat) : R :=
  let p := fun i => flow_filter t (beyond i) ^ 2 in
  rsum (fun i => (p i - p (1 + i)%nat) * aligned (1 + i)%nat) m + p m.

(** [master-bound-multiscale] The master bound at every scale at once: [T] is a chain of sets from
    [S] on, [aligned i] bounds the alignment of the [i]-th and [beyond i] the eigenvalues outside it. *)
Theorem master_bound_multiscale (S0 S : nat -> bool) (T : nat -> nat -> bool) (lambda aligned beyond : nat -> R)
  (m : nat) (lambda_0 t k : R) (PT : V -> V) (target : V) :
  orthogonal_projection PT -> alignment_at_most PT (eigenprojection S) k -> sqnorm target = 1 ->
  (forall y, ip (eigenprojection S0 target) y = ip target y) ->
  (forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> S i = true /\ lambda_0 <= lambda i)) -> 0 <= t ->
  (forall i, T 0%nat i = S i) -> (forall j i, (j < m)%nat -> T j i = true -> T (1 + j)%nat i = true) ->
  (forall j, (j <= m)%nat -> alignment_at_most PT (eigenprojection (T j)) (aligned j) /\ aligned j <= 1) ->
  (forall j i, (j <= m)%nat -> (i < n)%nat -> T j i = false -> lambda i <= beyond j) ->
  (forall j, (j < m)%nat -> 0 <= beyond (1 + j)%nat <= beyond j) -> 0 <= beyond m ->
  let fT := PT target in
  let fS := spectral_filter e n (fun i => flow_filter t (lambda i)) fT in
  let L := loss fT target in
  loss fS target <= (sqrt (k * L) + exp (- (lambda_0 * t)) * sqrt (1 - L)) ^ 2 + leaked aligned beyond t m * L /\
  leaked aligned beyond t m <= flow_filter t (beyond 0%nat) ^ 2.
Proof using He.
  intros HT Hk Hunit Hin Hl Ht T0 TS K B D Dm fT fS L. split.
  - apply Rle_trans with (1 := bound_with_leak S0 S lambda lambda_0 t k PT target HT Hk Hunit Hin Hl Ht).
    apply Rplus_le_compat_l, (noise_by_parts S0 S lambda lambda_0 t PT target HT Hin Hl Ht T); trivial.
    intros j Hj. now apply K.
  - unfold leaked. set (p := fun i => flow_filter t (beyond i) ^ 2). change (flow_filter t (beyond 0%nat) ^ 2) with (p 0%nat).
    assert (G : forall j, (j < m)%nat -> p (1 + j)%nat <= p j).
    { intros j Hj. destruct (D j Hj) as [D0 D1]. pose proof (flow_filter_range t (beyond (1 + j)%nat) D0 Ht).
      assert (X := exp_anti (beyond (1 + j)%nat * t) (beyond j * t) ltac:(nra)). unfold p, flow_filter in *. nra. }
    enough (H : forall j, (j <= m)%nat ->
      rsum (fun i => (p i - p (1 + i)%nat) * aligned (1 + i)%nat) j + p j <= p 0%nat) by now apply H.
    induction j as [| j IH]; intro Hj; cbn [rsum]; [lra |]. specialize (IH ltac:(lia)).
    specialize (G j ltac:(lia)). destruct (K (1 + j)%nat ltac:(lia)) as [_ K1].
    change (Datatypes.S j) with (1 + j)%nat. nra.
Qed.
End MasterBound.
