(** The alignment [kappa_S] and the master bound (ReLU networks, Theorem 3.1, before asymptotics). *)
From Coq Require Import Reals Lra Lia Psatz Arith Bool.
From Coquelicot Require Import Coquelicot.
From W2S Require Import InnerSpace Shrinkage.
Open Scope R_scope.

Section Projections.
Context {V : inner_space}.
Implicit Types (P Q : V -> V) (x y : V).

(** An orthogonal projection: self-adjoint and idempotent, as far as inner products can tell. *)
Definition orthogonal_projection P : Prop :=
  forall x y, ip (P x) y = ip x (P y) /\ ip (P x) (P y) = ip (P x) y.

Lemma projection_sqnorm P x : orthogonal_projection P -> sqnorm (P x) = ip (P x) x.
Proof. intro HP. apply HP. Qed.
Lemma projection_sub P Q :
  orthogonal_projection P -> orthogonal_projection Q ->
  (forall x y, ip (Q x) (P y) = ip (Q x) y) -> orthogonal_projection (fun x => vsub (P x) (Q x)).
Proof.
  intros HP HQ H x y. destruct (HP x y) as [A1 A2], (HQ x y) as [B1 B2]. expand.
  rewrite (ip_sym V (P x) (Q y)), !H, (ip_sym V (Q y) x). rewrite <- B1. lra.
Qed.
Lemma projection_rest P : orthogonal_projection P -> orthogonal_projection (fun x => vsub x (P x)).
Proof. intro HP. apply (projection_sub (fun x => x)); trivial. intros x y. now split. Qed.
Lemma projection_le P x : orthogonal_projection P -> sqnorm (P x) <= sqnorm x.
Proof.
  intro HP. pose proof (sqnorm_pos (vsub x (P x))) as N.
  rewrite (projection_sqnorm _ _ (projection_rest P HP)), ip_sub in N.
  rewrite (projection_sqnorm P) by trivial. unfold sqnorm. lra.
Qed.

(** The range of a projection is an inner-product space: [<P x, y>] on the same vectors. *)
Definition range_space P (HP : orthogonal_projection P) : inner_space.
Proof.
  refine {| carrier := V; vzero := vzero; vadd := vadd; vscale := vscale; ip := fun x y => ip (P x) y |};
    intros; rewrite ?(proj1 (HP _ _)).
  - rewrite <- (proj1 (HP x y)). apply ip_sym.
  - apply ip_zero.
  - apply ip_add.
  - apply ip_scale.
  - rewrite <- (proj1 (HP x x)), <- projection_sqnorm by trivial. apply sqnorm_pos.
Defined.

(** [||(I - P_T) P_S||_op^2 <= k]: the teacher's loss on a unit target in S is at most [k]. *)
Definition alignment_at_most (PT PS : V -> V) (k : R) : Prop :=
  0 <= k /\ forall g, sqnorm (vsub (PS g) (PT (PS g))) <= k * sqnorm (PS g).

(** [kappa_S] itself: the teacher's worst loss over unit targets in S. *)
Definition kappa (PT PS : V -> V) : R :=
  real (Lub_Rbar (fun k => exists g, sqnorm (PS g) = 1 /\ k = sqnorm (vsub (PS g) (PT (PS g))))).

(** [kappa-alignment] [kappa_S] is the least such bound, and lies in [[0, 1]]. *)
Theorem kappa_least (PT PS : V -> V) :
  orthogonal_projection PT -> orthogonal_projection PS ->
  alignment_at_most PT PS (kappa PT PS) /\ kappa PT PS <= 1 /\
  forall k, alignment_at_most PT PS k -> kappa PT PS <= k.
Proof.
  intros HT HS. unfold kappa. set (E := fun k => exists g, _).
  assert (HR := projection_rest PT HT).
  assert (E1 : forall k, alignment_at_most PT PS k -> is_ub_Rbar E k).
  { intros k [_ Hk] y (g & G & ->). specialize (Hk g). rewrite G, Rmult_1_r in Hk. exact Hk. }
  assert (A1 : alignment_at_most PT PS 1).
  { split; [lra |]. intro g. rewrite Rmult_1_l. apply (projection_le _ _ HR). }
  destruct (Lub_Rbar_correct E) as [U M]. set (l := Lub_Rbar E) in *.
  assert (B : forall k, alignment_at_most PT PS k -> real l <= k).
  { intros k Hk. specialize (M k (E1 k Hk)). destruct l; cbn in *; trivial; [contradiction | apply Hk]. }
  split; [split | split; auto].
  - destruct (Rle_dec 0 l) as [| N]; trivial. destruct l as [r | |]; cbn in *; try lra.
    exfalso. refine (Rlt_irrefl r _). apply Rle_lt_trans with (r - 1); [| lra].
    apply (M (r - 1)). intros y Hy. specialize (U y Hy). destruct Hy as (g & _ & ->). cbn in *.
    pose proof (sqnorm_pos (vsub (PS g) (PT (PS g)))). lra.
  - intro g. set (s := sqnorm (PS g)). pose proof (sqnorm_pos (PS g)) as S0. fold s in S0.
    pose proof (projection_le _ (PS g) HR) as R0. cbn in R0. fold s in R0.
    destruct S0 as [S0 | <-]; [| rewrite Rmult_0_r; exact R0].
    set (a := / sqrt s). assert (A : a * a * s = 1).
    { unfold a. pose proof (sqrt_lt_R0 s S0). rewrite <- (sqrt_sqrt s) at 3 by lra. field. lra. }
    assert (W : forall y, ip (PS (vscale a g)) y = a * ip (PS g) y).
    { intro y. rewrite (proj1 (HS _ _)), ip_scale, (proj1 (HS g y)). reflexivity. }
    assert (K : sqnorm (vsub (PS (vscale a g)) (PT (PS (vscale a g))))
      = a * a * sqnorm (vsub (PS g) (PT (PS g)))).
    { rewrite !(projection_sqnorm _ _ HR), !ip_sub, !(proj1 (HT _ _)).
      set (X := PS g) in *. set (X' := PS (vscale a g)) in *.
      rewrite !W, <- (proj1 (HT X X')), (ip_sym V X X'), (ip_sym V (PT X) X'), !W. ring. }
    assert (I : E (a * a * sqnorm (vsub (PS g) (PT (PS g))))).
    { exists (vscale a g). split; [| now rewrite K].
      unfold sqnorm. rewrite W, ip_sym, W. fold (sqnorm (PS g)). unfold s in A. lra. }
    specialize (U _ I). specialize (M 1 (E1 1 A1)).
    destruct l as [r | |]; cbn in *; try contradiction.
    apply (Rmult_le_compat_r s) in U; [| lra]. nra.
Qed.

(** [kappa-alignment] The ideal early stop: [||P_S (f_T - f)||^2 <= kappa_S L_TE], [f_T = P_T f]. *)
Theorem kappa_alignment (PT PS : V -> V) (k : R) (target : V) :
  orthogonal_projection PT -> orthogonal_projection PS -> alignment_at_most PT PS k ->
  sqnorm (PS (vsub (PT target) target)) <= k * loss (PT target) target.
Proof.
  intros HT HS [K0 Hk]. set (h := vsub (PT target) target). set (g := PS h).
  specialize (Hk h). fold g in Hk. set (u := vsub g (PT g)) in *.
  assert (E : sqnorm g = - ip u (vsub target (PT target))).
  { unfold g at 1. rewrite projection_sqnorm by trivial. fold g. unfold u, h. expand.
    destruct (HT g target) as [A B]. rewrite B. lra. }
  pose proof (cauchy_schwarz_sqr u (vsub target (PT target))) as C.
  rewrite loss_sym. unfold loss. set (L := sqnorm (vsub target (PT target))) in *.
  pose proof (sqnorm_pos (vsub target (PT target))) as L0. fold L in L0.
  destruct (sqnorm_pos g) as [G | G]; [| rewrite <- G; apply Rmult_le_pos; trivial].
  apply Rmult_le_reg_l with (sqnorm g); trivial.
  apply (Rmult_le_compat_r L) in Hk; trivial. nra.
Qed.
End Projections.

(** ** The master bound *)
Section MasterBound.
Context {V : inner_space} (PT P0 PS : V -> V) (k e0 s_out : R) (target fS : V).
Hypotheses (HT : orthogonal_projection PT) (H0 : orthogonal_projection P0)
  (HS : orthogonal_projection PS) (H0S : forall x y, ip (P0 x) (PS y) = ip (P0 x) y).
Hypotheses (unit_target : sqnorm target = 1) (target_in_S0 : forall y, ip (P0 target) y = ip target y).
Hypothesis (aligned : alignment_at_most PT PS k).

Let fT := PT target.
Let L := loss fT target.

(** [master-bound] [P_0 <= P_S] project on the eigenspaces of the target and on S. On S_0 the
    student has learnt its labels up to the factor [e0], elsewhere in S it does not exceed them,
    outside S it has learnt at most the fraction [s_out] of them. *)
Theorem master_bound :
  0 <= e0 ->
  sqnorm (vsub (P0 fS) (P0 fT)) <= e0 ^ 2 * sqnorm (P0 fT) ->
  sqnorm (vsub (PS fS) (P0 fS)) <= sqnorm (vsub (PS fT) (P0 fT)) ->
  sqnorm (vsub fS (PS fS)) <= s_out ^ 2 * sqnorm (vsub fT (PS fT)) ->
  loss fS target <= (sqrt (k * L) + e0 * sqrt (1 - L)) ^ 2 + s_out ^ 2 * L.
Proof using HT H0 HS H0S unit_target target_in_S0 aligned.
  intros E0 B0 B1 B2. pose proof (kappa_alignment PT PS k target HT HS aligned) as A.
  fold fT in A. fold L in A. destruct aligned as [K0 _].
  assert (H1 := projection_sub PS P0 HS H0 H0S). assert (H2 := projection_rest PS HS).
  set (V0 := range_space P0 H0).
  assert (N0 : forall x, sqnorm (P0 x) = @sqnorm V0 x) by (intro; now apply projection_sqnorm).
  assert (T1 : forall y, ip (PS target) y = ip target y).
  { intro y. rewrite (proj1 (HS _ _)), <- target_in_S0, H0S. apply target_in_S0. }
  assert (Q1 : forall x, sqnorm (vsub (PS x) (P0 x)) = ip (PS x) x - ip (P0 x) x).
  { intro x. rewrite (projection_sqnorm _ _ H1). apply ip_sub. }
  assert (Q2 : forall x, sqnorm (vsub x (PS x)) = ip x x - ip (PS x) x).
  { intro x. rewrite (projection_sqnorm _ _ H2). apply ip_sub. }
  assert (D : forall P x, orthogonal_projection P -> (forall y, ip (P target) y = ip target y) ->
    ip (P (vsub x target)) (vsub x target) = ip (P x) x - 2 * ip x target + 1).
  { intros P x HP HPt. rewrite (proj1 (HP _ _)), ip_sub, <- !(proj1 (HP _ _)), HPt, !ip_sub_r,
      (proj1 (HP x target)), (ip_sym V x (P target)), HPt, (ip_sym V target x).
    unfold sqnorm in unit_target. lra. }
  assert (D0 := fun x => D P0 x H0 target_in_S0). assert (DS := fun x => D PS x HS T1).
  assert (DI : forall x, loss x target = ip x x - 2 * ip x target + 1).
  { intro x. apply (D (fun x => x)); intros; try split; trivial. }
  assert (E : loss fS target
    = sqnorm (P0 (vsub fS target)) + sqnorm (vsub (PS fS) (P0 fS)) + sqnorm (vsub fS (PS fS))).
  { rewrite Q1, Q2, (projection_sqnorm P0) by trivial. rewrite D0, DI. lra. }
  assert (ES : sqnorm (PS (vsub fT target))
    = sqnorm (P0 (vsub fT target)) + sqnorm (vsub (PS fT) (P0 fT))).
  { rewrite Q1, (projection_sqnorm PS), (projection_sqnorm P0) by trivial. rewrite D0, DS. lra. }
  assert (EO : sqnorm (vsub fT (PS fT)) <= L).
  { unfold L. rewrite Q2, DI. pose proof (sqnorm_pos (PS (vsub fT target))) as G.
    rewrite projection_sqnorm, DS in G by trivial. lra. }
  assert (EL : 1 - L = sqnorm fT).
  { unfold L. rewrite DI. destruct (HT target target) as [C1 C2]. unfold sqnorm, fT in *. lra. }
  assert (L0 : 0 <= L) by apply sqnorm_pos.
  rewrite N0 in E, ES. rewrite EL. set (b := @vnorm V0 (vsub fS fT)).
  assert (B0' : b <= e0 * sqrt (sqnorm fT)).
  { apply vnorm_le_const; [apply Rmult_le_pos; [trivial | apply sqrt_pos] |].
    replace (e0 * _ * _) with (e0 ^ 2 * sqnorm fT) by
      (rewrite <- (sqrt_sqrt (sqnorm fT)) at 1 by apply sqnorm_pos; ring).
    replace (@sqnorm V0 (vsub fS fT)) with (sqnorm (vsub (P0 fS) (P0 fT))).
    - apply Rle_trans with (1 := B0), Rmult_le_compat_l; [nra |]. now apply projection_le.
    - rewrite <- N0, (projection_sqnorm P0), (proj1 (H0 _ _)), ip_sub, <- !(proj1 (H0 _ _)),
        !ip_sub_r by trivial. expand. rewrite !(proj2 (H0 _ _)). ring. }
  set (a := @vnorm V0 (vsub fT target)). set (q := sqnorm (vsub (PS fT) (P0 fT))) in *.
  assert (T : @vnorm V0 (vsub fS target) <= b + a).
  { apply Rle_trans with (2 := triangle _ _). apply Req_le, (f_equal sqrt).
    change (@vsub V) with (@vsub V0). expand. ring. }
  assert (Ha : a * a = @sqnorm V0 (vsub fT target)) by apply vnorm_sqr.
  assert (Hs := vnorm_sqr (V := V0) (vsub fS target)).
  assert (P1 := vnorm_pos (V := V0) (vsub fS target)). assert (P2 := vnorm_pos (V := V0) (vsub fT target)).
  assert (P3 := vnorm_pos (V := V0) (vsub fS fT)). fold a in P2. fold b in P3.
  assert (Ka : a * a + q <= k * L) by lra. assert (K2 := sqrt_sqrt (k * L) ltac:(nra)).
  assert (Q0 : 0 <= q) by apply sqnorm_pos.
  assert (K3 : a <= sqrt (k * L)) by (rewrite <- (sqrt_square a P2); apply sqrt_le_1_alt; lra).
  assert (M : s_out ^ 2 * sqnorm (vsub fT (PS fT)) <= s_out ^ 2 * L) by (apply Rmult_le_compat_l; nra).
  nra.
Qed.
End MasterBound.

(** ** The master bound for gradient flow *)
Section MasterBoundFlow.
Context {V : inner_space} (e : nat -> V) (n : nat) (He : orthonormal e n).
Variables (S0 S : nat -> bool) (lambda : nat -> R) (lambda_0 lambda_out t : R).

(** The projection on the eigenfunctions in a set. *)
Definition eigenprojection (T : nat -> bool) : V -> V :=
  spectral_filter e n (fun i => if T i then 1 else 0).

Lemma filter_ip (s : nat -> R) (x y : V) :
  ip (spectral_filter e n s x) y = rsum (fun i => s i * (ip (e i) x * ip (e i) y)) n.
Proof using. unfold spectral_filter. rewrite ip_vsum. apply rsum_ext. intros. ring. Qed.
Lemma filter_filter (s u : nat -> R) (x y : V) :
  ip (spectral_filter e n s x) (spectral_filter e n u y)
  = rsum (fun i => s i * u i * (ip (e i) x * ip (e i) y)) n.
Proof using He.
  unfold spectral_filter. rewrite ip_vsum_vsum by exact He. apply rsum_ext. intros. ring.
Qed.
Lemma filter_coefficient (s : nat -> R) (x : V) i :
  (i < n)%nat -> ip (e i) (spectral_filter e n s x) = s i * ip (e i) x.
Proof using He. intro Hi. unfold spectral_filter. now rewrite ip_vsum_basis. Qed.
Lemma eigenprojection_spec T : orthogonal_projection (eigenprojection T).
Proof using He.
  intros x y. unfold eigenprojection. rewrite (ip_sym V x), filter_filter, !filter_ip.
  split; apply rsum_ext; intros i _; destruct (T i); ring.
Qed.

(** [master-bound] Early-stopped gradient flow: [lambda_0] the least eigenvalue that carries the
    target, [lambda_out] the largest outside S. *)
Theorem master_bound_flow (PT : V -> V) (k : R) (target : V) :
  orthogonal_projection PT -> alignment_at_most PT (eigenprojection S) k -> sqnorm target = 1 ->
  (forall y, ip (eigenprojection S0 target) y = ip target y) ->
  (forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> S i = true /\ lambda_0 <= lambda i) /\
    (S i = false -> lambda i <= lambda_out)) ->
  0 <= t ->
  let fT := PT target in
  let fS := spectral_filter e n (fun i => flow_filter t (lambda i)) fT in
  let L := loss fT target in
  loss fS target <= (sqrt (k * L) + exp (- (lambda_0 * t)) * sqrt (1 - L)) ^ 2
    + (1 - exp (- (lambda_out * t))) ^ 2 * L.
Proof using He.
  intros HT Hk Hunit Hin Hl Ht fT fS L.
  assert (Hexp : forall a b, a <= b -> exp (- (b * t)) <= exp (- (a * t))).
  { intros a b [Hab | ->]; [| lra]. destruct Ht as [Ht | <-]; [| rewrite !Rmult_0_r; lra].
    apply Rlt_le, exp_increasing. nra. }
  assert (R1 : forall i, (i < n)%nat -> 0 <= flow_filter t (lambda i) <= 1)
    by (intros; apply flow_filter_range; [apply Hl |]; trivial).
  apply (master_bound PT (eigenprojection S0) (eigenprojection S)); trivial using eigenprojection_spec.
  - intros x y. unfold eigenprojection. rewrite filter_filter, filter_ip. apply rsum_ext.
    intros i Hi. destruct (Hl i Hi) as (_ & H & _). destruct (S0 i), (S i); try ring.
    destruct H; discriminate || trivial.
  - apply Rlt_le, exp_pos.
  - fold fT. unfold fS, eigenprojection, sqnorm.
    rewrite !ip_sub, !ip_sub_r, !filter_filter, <- !rsum_minus, <- rsum_scal. apply rsum_le.
    intros i Hi. rewrite !filter_coefficient by trivial. set (c := ip (e i) fT).
    destruct (Hl i Hi) as (_ & H & _). destruct (S0 i); [| lra].
    assert (D := Hexp _ _ (proj2 (H eq_refl))). pose proof (exp_pos (- (lambda i * t))).
    unfold flow_filter. set (x := exp (- (lambda i * t))) in *. set (z := exp (- (lambda_0 * t))) in *.
    assert (0 <= (z * z - x * x) * (c * c)) by (apply Rmult_le_pos; [nra | apply Rle_0_sqr]). lra.
  - fold fT. unfold fS, eigenprojection, sqnorm.
    rewrite !ip_sub, !ip_sub_r, !filter_filter, <- !rsum_minus. apply rsum_le.
    intros i Hi. rewrite !filter_coefficient by trivial. set (c := ip (e i) fT).
    destruct (Hl i Hi) as (_ & H & _). specialize (R1 i Hi). set (s := flow_filter _ _) in *.
    assert (0 <= (1 - s * s) * (c * c)) by (apply Rmult_le_pos; [nra | apply Rle_0_sqr]).
    destruct (S0 i); [rewrite (proj1 (H eq_refl)) | destruct (S i)]; lra.
  - fold fT. pose proof (projection_le _ fT (eigenprojection_spec (fun _ => true))) as B.
    pose proof (projection_rest _ (eigenprojection_spec S)) as R.
    rewrite (projection_sqnorm _ fT R), ip_sub. unfold eigenprojection, sqnorm in B |- *.
    rewrite filter_filter in B. unfold fS.
    apply Rle_trans with ((1 - exp (- (lambda_out * t))) ^ 2
      * (rsum (fun i => 1 * 1 * (ip (e i) fT * ip (e i) fT)) n
         - ip (spectral_filter e n (fun i => if S i then 1 else 0) fT) fT));
      [| apply Rmult_le_compat_l; [apply pow2_ge_0 | lra]].
    rewrite !ip_sub, !ip_sub_r, !filter_filter, filter_ip, <- !rsum_minus, <- rsum_scal.
    apply rsum_le. intros i Hi. rewrite !filter_coefficient by trivial. set (c := ip (e i) fT).
    destruct (Hl i Hi) as (_ & _ & H). destruct (S i); [lra |].
    assert (D := Hexp _ _ (H eq_refl)). specialize (R1 i Hi). unfold flow_filter in *.
    set (x := exp (- (lambda i * t))) in *. set (z := exp (- (lambda_out * t))) in *.
    assert (0 <= ((1 - z) * (1 - z) - (1 - x) * (1 - x)) * (c * c))
      by (apply Rmult_le_pos; [nra | apply Rle_0_sqr]). lra.
Qed.
End MasterBoundFlow.
